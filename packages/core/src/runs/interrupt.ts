import type { Destination } from "../delivery/destination.ts";
import type { Json } from "../json/json.ts";
import type { GateRequest } from "./workflow.ts";

/** What an interrupt may say; the run and its input are shown in any case. */
export interface InterruptOptions extends Partial<GateRequest<Json>> {
  /** Written by the agent: shown as its words. */
  message?: string;
  /** Where to tell people besides the inbox; short for one of `destinations`. */
  destination?: Destination;
}

/** Name of the gate that an interrupt waits at. */
export const interruptGate = "Interrupt.approval";

/**
 * What a handler returns to be called again once its run was approved:
 *
 * `if (!run.approved) return Interrupt.approval({ message: "Delete everything?" });`
 */
export class Interrupt {
  readonly #options: InterruptOptions;

  private constructor(options: InterruptOptions) {
    this.#options = options;
  }

  /** Pauses the run until somebody approves; for as long as that takes, unless `timeout` is given. */
  static approval(options: InterruptOptions = {}): Interrupt {
    return new Interrupt(options);
  }

  /** What is asked: whether the workflow may go on with this input. */
  requestFor(workflow: string, input: Json): GateRequest<Json> {
    const title = `Go on with “${workflow.slice(0, 180)}”?`;
    const { destination, destinations = [], ...options } = this.#options;
    const told = destination ? [destination, ...destinations] : destinations;
    const action = { name: workflow, args: input };
    return { title, action, ...options, ...(told.length > 0 && { destinations: told }) };
  }
}
