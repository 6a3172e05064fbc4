import type { Scope } from './reader.ts';

/** `{service_namespace="clew",service_name=~"a|b"}`: what PromQL and LogQL both take. */
export function selectorOf({ namespace, services }: Scope): string {
  const matchers = [
    ...(namespace === undefined ? [] : [`service_namespace=${quote(namespace)}`]),
    ...(services.length === 0 ? [] : [`service_name=~${quote(services.map(escapeRegex).join('|'))}`]),
  ];
  // Neither store takes a selector that would match everything.
  return `{${matchers.length > 0 ? matchers.join(',') : 'service_name=~".+"'}}`;
}

/** Adds a matcher to a selector. */
export function withMatcher(selector: string, matcher: string): string {
  const inside = selector.trim().slice(1, -1).replace(/,\s*$/, '').trim();
  return `{${[matcher, inside].filter((part) => part !== '').join(',')}}`;
}

/** A string literal of PromQL, LogQL and TraceQL. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

export function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
