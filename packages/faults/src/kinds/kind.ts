import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TObject, type TProperties, Type } from 'typebox';
import type { FieldError } from '../fields.ts';

/** What can be asked for. One file each: what it takes and within which bounds, and what it does. */
export interface Kind {
  name: string;
  /** What a rule of this kind takes besides what every rule has. */
  parameters: TProperties;
  /** Finds what no single field shows to be wrong. */
  check?(parameters: object): FieldError | undefined;
  /** Starts to hold for a rule, with parameters that are within their bounds. */
  begin(parameters: object): Fault;
}

/** One rule's fault, while it is active. */
export interface Fault {
  /** Happens to a request that the rule matches. What it throws is the request's answer. */
  meet(met: MetRequest): void | Promise<void>;
  /** Gives back what it holds. */
  end?(): void;
}

/** A request that meets a fault. */
export interface MetRequest {
  request: FastifyRequest;
  reply: FastifyReply;
  /** The arguments of `draw` from `@clew/service`: the same for the same request of a repeated run. */
  draws: { seed: number; stream: string; n: number };
}

/** A kind whose functions know their parameters from its schemas. */
export function defineKind<P extends TProperties>(kind: {
  name: string;
  parameters: P;
  check?(parameters: Static<TObject<P>>): FieldError | undefined;
  begin(parameters: Static<TObject<P>>): Fault;
}): Kind {
  return kind;
}

/** A parameter in milliseconds. */
export function milliseconds(maximum: number, minimum = 0) {
  return Type.Integer({ minimum, maximum });
}
