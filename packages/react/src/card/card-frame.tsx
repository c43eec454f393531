"use client";
import type { Approval } from "@holdpoint/core";
import { type ComponentPropsWithoutRef, forwardRef, type ReactElement, type RefObject, useState } from "react";
import type { ApprovalHandle } from "../hooks/use-approval.ts";
import { useMergedRef } from "../look/merged-ref.ts";
import { useRootProps } from "../look/root-props.ts";
import { useSlots } from "../look/slots.ts";
import { createFolds, FoldsContext } from "../text/folds.ts";
import { CardContext, type CardVariant } from "./card-context.ts";
import { CardEnding } from "./card-ending.tsx";
import { CardBody, CardFooter } from "./card-layout.tsx";
import { useCardModel } from "./use-card-model.ts";
import { trackFocus } from "./use-own-focus.ts";

/** Props of the card's frame. */
export interface CardFrameProps extends ComponentPropsWithoutRef<"article"> {
  handle: ApprovalHandle;
  approval: Approval;
  variant?: CardVariant;
  /** Kept by the card for whoever takes its place. */
  hasFocus: RefObject<boolean>;
}

/** The card of an approval that is there. Renders an `<article>` element. */
export const CardFrame = forwardRef<HTMLElement, CardFrameProps>(function CardFrame(props, ref): ReactElement {
  const { handle, approval, variant = "card", hasFocus, className, children, ...others } = props;
  const { onFocusCapture, onBlurCapture, ...rest } = others;
  const slot = useSlots();
  const rootProps = useRootProps();
  const [folds] = useState(createFolds);
  const card = useCardModel({ handle, approval, variant, folds, hasFocus });
  const merged = useMergedRef(card.cardRef, ref);
  return (
    <CardContext.Provider value={card}>
      <FoldsContext.Provider value={folds}>
        <article
          aria-labelledby={card.ids.title}
          {...rootProps}
          {...rest}
          {...trackFocus(hasFocus, { onFocusCapture, onBlurCapture })}
          ref={merged}
          className={slot(["root", "card"], className)}
          data-variant={variant}
          data-state={card.state}
          data-kind={approval.kind}
          data-risk={approval.risk}
          data-editing={card.editing || undefined}
        >
          <CardEnding />
          {children ?? (
            <>
              <CardBody />
              <CardFooter />
            </>
          )}
        </article>
      </FoldsContext.Provider>
    </CardContext.Provider>
  );
});
