/** The gRPC status codes that OTLP has a use for. https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const grpcStatus = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** HTTP statuses and gRPC codes that mean the same to an OTLP client; the first of a code is what it becomes. */
const pairs: [http: number, grpc: number][] = [
  [400, grpcStatus.INVALID_ARGUMENT],
  [401, grpcStatus.UNAUTHENTICATED],
  [403, grpcStatus.PERMISSION_DENIED],
  [404, grpcStatus.NOT_FOUND],
  [429, grpcStatus.RESOURCE_EXHAUSTED],
  [413, grpcStatus.RESOURCE_EXHAUSTED],
  [499, grpcStatus.CANCELLED],
  [500, grpcStatus.INTERNAL],
  [501, grpcStatus.UNIMPLEMENTED],
  [415, grpcStatus.UNIMPLEMENTED],
  [503, grpcStatus.UNAVAILABLE],
  [502, grpcStatus.UNAVAILABLE],
  [504, grpcStatus.DEADLINE_EXCEEDED],
  [409, grpcStatus.ABORTED],
];

/** The gRPC code for an HTTP status or, unchanged, a gRPC code. */
export function grpcCode(code: number): number {
  return code < 100 ? code : (pairs.find(([http]) => http === code)?.[1] ?? grpcStatus.UNKNOWN);
}

/** The HTTP status for a gRPC code or, unchanged, an HTTP status. */
export function httpStatus(code: number): number {
  return code >= 100 ? code : (pairs.find(([, grpc]) => grpc === code)?.[0] ?? 500);
}
