import { status } from '@grpc/grpc-js';

/** HTTP statuses and gRPC codes that mean the same to an OTLP client; the first of a code is what it becomes. */
const pairs: [http: number, grpc: number][] = [
  [400, status.INVALID_ARGUMENT],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.NOT_FOUND],
  [429, status.RESOURCE_EXHAUSTED],
  [413, status.RESOURCE_EXHAUSTED],
  [499, status.CANCELLED],
  [500, status.INTERNAL],
  [501, status.UNIMPLEMENTED],
  [503, status.UNAVAILABLE],
  [502, status.UNAVAILABLE],
  [504, status.DEADLINE_EXCEEDED],
  [409, status.ABORTED],
];

/** The gRPC code for an HTTP status or, unchanged, a gRPC code. */
export function grpcCode(code: number): number {
  return code < 100 ? code : (pairs.find(([http]) => http === code)?.[1] ?? status.UNKNOWN);
}

/** The HTTP status for a gRPC code or, unchanged, an HTTP status. */
export function httpStatus(code: number): number {
  return code >= 100 ? code : (pairs.find(([, grpc]) => grpc === code)?.[0] ?? 500);
}
