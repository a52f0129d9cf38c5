/** Catches what no page caught, so that a defect shows a way on and not an empty window. */
import { Component, type ReactNode } from "react";
import { Button } from "../design/Button";
import { EmptyState } from "../design/Parts";
import { sayApp } from "./words";

export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <EmptyState
        title={sayApp("broken.title")}
        heading="h1"
        action={
          <Button look="primary" onClick={() => location.reload()}>
            {sayApp("broken.reload")}
          </Button>
        }
      >
        {sayApp("broken.about")}
      </EmptyState>
    );
  }
}
