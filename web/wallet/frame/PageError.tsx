// A page that cannot be shown: its part did not load, or it broke. Says so and offers the way on;
// what belongs to money is kept elsewhere and is not lost with the page.

import { Component, type ReactNode } from 'react'
import { networkProblem } from '../../ui/index.ts'
import { lookForNewerBuild } from '../../ui/newer-build.ts'
import { Failed } from './Loaded.tsx'

export class PageError extends Component<
  { place: string; children: ReactNode },
  { failedAt: string | null }
> {
  override state = { failedAt: null as string | null }

  override componentDidCatch(): void {
    this.setState({ failedAt: this.props.place })
    // Its part may be gone because the server has a newer build: UpdateNotice then says so.
    void lookForNewerBuild()
  }

  override render(): ReactNode {
    // Another place is another try.
    if (this.state.failedAt !== this.props.place) return this.props.children
    return (
      <div className="page">
        <div className="column">
          <main className="column-body page-waiting">
            <Failed error={networkProblem()} retry={() => location.reload()} />
          </main>
        </div>
      </div>
    )
  }
}
