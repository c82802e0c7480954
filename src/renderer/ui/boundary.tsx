import { Component, type ReactNode } from 'react';
import { Panel, type PanelName, Trouble } from './panel';

/** Keeps a fault of one panel inside that panel: the rest of the desk goes on. */
export class Boundary extends Component<{ name: PanelName; children: ReactNode }, { fault: string | null }> {
  override state: { fault: string | null } = { fault: null };

  static getDerivedStateFromError(error: unknown) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.fault === null) return this.props.children;
    return (
      <Panel name={this.props.name}>
        <Trouble
          what="This panel failed. The engine is not touched by it; positions and stops go on."
          detail={this.state.fault}
          action={
            <button type="button" className="button" onClick={() => this.setState({ fault: null })}>
              Show it again
            </button>
          }
        />
      </Panel>
    );
  }
}
