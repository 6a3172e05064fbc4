import { defineKind } from './kind.ts';

const withoutPeer = new WeakSet<object>();

/** The request's call to the peer fails as if nobody listened there, for every retry too. */
export const dependency = defineKind({
  name: 'dependency',
  parameters: {},
  begin: () => ({
    meet({ request }) {
      withoutPeer.add(request);
    },
  }),
});

/** Whether the call to the peer that this request makes shall fail: for whoever makes it. */
export function peerIsDown(request: object): boolean {
  return withoutPeer.has(request);
}
