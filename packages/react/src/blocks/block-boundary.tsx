"use client";
import { Component, type ReactNode } from "react";

/** Props of {@link BlockBoundary}. */
export interface BlockBoundaryProps {
  fallback: ReactNode;
  children: ReactNode;
}

/** Shows `fallback` when something in it can't be drawn, so that one broken part never takes the card away. */
export class BlockBoundary extends Component<BlockBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
