/** What a service asks its peer for on `GET /api/data`; k6 sends no `accept` (packages/demo-api/src/peer.ts). */
export const CALLS_OF_PEER = { route: '/api/users', header: { accept: 'application/json' } };
