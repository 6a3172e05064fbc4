import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { type Problem, ProblemError, problem, problemMediaType } from './problem.ts';

/**
 * Answers every error with a problem and logs what is the service's own fault, once, in the request's trace. What an
 * unexpected error says stays inside; what is wrong with a request is told.
 */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler(onError);
  app.setNotFoundHandler(onNotFound);
}

function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // Work that was given up because the client went away: nobody is there to be told, and nothing is broken.
  if (reply.raw.destroyed && error instanceof Error && error.name === 'AbortError') return;

  const status = statusOf(error);
  const logged = error instanceof ProblemError ? error.logged : true;
  if (status >= 500 && logged) request.log.error({ err: error }, 'request failed');
  if (error instanceof ProblemError) reply.headers(error.headers);
  sendProblem(reply, explain(error, status));
}

function onNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const { server, method, url } = request;
  const path = url.split('?', 1)[0];
  const methods = new Set(server.endpoints.flatMap((endpoint) => [endpoint.method, 'HEAD']));
  const allowed = [...methods].filter((candidate) => server.findRoute({ method: candidate, url }) !== null);
  if (allowed.length === 0) {
    sendProblem(reply, problem(404, `Nothing answers at ${path}.`));
  } else {
    reply.header('allow', allowed.join(', '));
    sendProblem(reply, problem(405, `${path} does not answer ${method}.`));
  }
}

export function sendProblem(reply: FastifyReply, body: Problem): void {
  reply.code(body.status).type(problemMediaType).send(body);
}

function statusOf(error: unknown): number {
  const { statusCode } = Object(error) as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode <= 599 ? statusCode : 500;
}

function explain(error: unknown, status: number): Problem {
  // Fastify's own errors carry these; a thrown value may be anything.
  const { message, code, validation, validationContext } = Object(error) as {
    message?: string;
    code?: unknown;
    validation?: FastifySchemaValidationError[];
    validationContext?: string;
  };
  if (error instanceof ProblemError) return problem(status, error.message, withoutUndefined(error));
  if (validation) {
    const errors = validation.slice(0, 10).map((entry) => inputError(entry, validationContext ?? 'input'));
    return problem(status, 'The input is not valid.', { errors });
  }
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return problem(status, 'The answer took too long.', { code });
  if (status >= 500) return problem(status, 'The service failed. What happened is in its log.');
  return problem(status, message ?? 'The request is not valid.', typeof code === 'string' ? { code } : {});
}

function inputError({ instancePath, message = 'is not valid', params }: FastifySchemaValidationError, where: string) {
  // Of a field that is too much or missing, Ajv gives the parent's path and its name beside it.
  const name = params.additionalProperty ?? params.missingProperty;
  const field = [instancePath, ...(typeof name === 'string' ? [name] : [])].join('/');
  return { in: where, field: field.replace(/^\//, ''), detail: message };
}

function withoutUndefined({ code, errors }: ProblemError): Pick<Problem, 'code' | 'errors'> {
  return { ...(code === undefined ? {} : { code }), ...(errors === undefined ? {} : { errors }) };
}
