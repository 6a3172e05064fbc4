import { type Config, ProblemError } from '@clew/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type ActiveRule, beginRule, counter } from './active-rule.ts';
import { admin } from './admin.ts';
import { createBoard } from './board.ts';
import { inputErrors, parseRules } from './check-rules.ts';
import type { FieldError } from './fields.ts';

export interface FaultsOptions {
  config: Pick<Config, 'FAULTS' | 'FAULTS_FROM_HEADERS' | 'FAULTS_ADMIN_TOKEN' | 'SEED'>;
  /** Whom a request is about, for rules that match on `userId`. */
  userIdOf?: (request: FastifyRequest) => string | undefined;
}

const HEADER = 'x-clew-fault';

/**
 * Has requests meet the faults that are asked for, on the routes that are registered after it, but for those with
 * `config: { telemetry: false }`. Without a setting that begins with FAULTS it adds nothing at all.
 */
export const faults = fp(injectFaults, { name: '@clew/faults' });

async function injectFaults(app: FastifyInstance, options: FaultsOptions): Promise<void> {
  const { config, userIdOf = () => undefined } = options;
  const { FAULTS, FAULTS_FROM_HEADERS: fromHeaders, FAULTS_ADMIN_TOKEN: token, SEED: seed } = config;
  if (FAULTS === undefined && !fromHeaders && token === undefined) return;

  const board = createBoard({ log: app.log, seed });
  const count = counter(); // of requests with the header: their rules see one request each
  const routes = new Set<string>();

  app.addHook('onRoute', function rememberRoute({ url, config: ofRoute }) {
    if (ofRoute?.telemetry !== false) routes.add(url);
  });
  app.addHook('onReady', async function beginOfEnvironment() {
    if (FAULTS === undefined) return;
    const { rules, errors } = parseRules(FAULTS, { needsTtl: true, routes });
    if (errors.length > 0) throw new Error(`FAULTS: ${inWords(errors)}`);
    board.replace('env', rules);
  });
  app.addHook('onClose', async function endAll() {
    board.replace('admin', []);
    board.replace('env', []);
  });
  if (token !== undefined) await app.register(admin, { board, token, routes });

  app.addHook('preHandler', async function meetFaults(request, reply) {
    const { url: route } = request.routeOptions;
    if (route === undefined || !routes.has(route)) return;
    const subject = { route, method: request.method, headers: request.headers, userId: userIdOf(request) };

    for (const source of ['header', 'admin', 'env'] as const) {
      const rules = source === 'header' ? ofHeader(request, reply, route) : board.of(source);
      // All at once, before anything waits: the numbers of requests shall not depend on how long others take.
      const taken = rules.map((active) => ({ active, draws: active.take(subject) }));
      if (taken.every(({ draws }) => draws === undefined)) continue;
      const names: string[] = [];
      for (const { active, draws } of taken) {
        if (draws === undefined || reply.sent) continue;
        if (source !== 'header' && !board.of(source).includes(active)) continue; // it ended while the request waited
        active.hits += 1;
        names.push(active.rule.name);
        request.annotate({ 'clew.fault.name': names.join(), 'clew.fault.source': source });
        await active.fault.meet({ request, reply, draws });
      }
      return;
    }
  });

  function ofHeader(request: FastifyRequest, reply: FastifyReply, route: string): ActiveRule[] {
    const text = fromHeaders ? request.headers[HEADER] : undefined;
    if (text === undefined) return [];
    const { rules, errors } = parseRules(String(text), { needsTtl: false, routes });
    if (errors.length > 0) {
      throw new ProblemError(400, `The faults in ${HEADER} cannot be used.`, {
        errors: inputErrors('headers', HEADER, errors),
      });
    }
    const n = count(`${request.method} ${route}`);
    const begun = rules.map((rule) => beginRule(rule, { seed, count: () => n }));
    reply.raw.once('close', () => {
      for (const { fault } of begun) fault.end?.();
    });
    return begun;
  }
}

/**
 * What keeps a value of FAULTS from being used, in words; undefined when nothing does. Whether the routes exist shows
 * when the application is ready.
 */
export function checkFaults(text: string): string | undefined {
  const { errors } = parseRules(text, { needsTtl: true });
  return errors.length === 0 ? undefined : inWords(errors);
}

function inWords(errors: FieldError[]): string {
  return errors.map(({ field, detail }) => `${field} ${detail}`.trim()).join('; ');
}
