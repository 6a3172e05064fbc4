/** What is wrong with a request, as the application/problem+json of a service says it. */
export interface FieldError {
  field: string;
  detail: string;
}

/** Undefined when the body has none: then it is from somebody else, such as a proxy, or about something else. */
export function fieldErrorsIn(body: string): FieldError[] | undefined {
  try {
    const { errors } = Object(JSON.parse(body)) as { errors?: unknown };
    return Array.isArray(errors) && errors.length > 0 && errors.every(isFieldError) ? errors : undefined;
  } catch {
    return undefined;
  }
}

function isFieldError(value: unknown): value is FieldError {
  const { field, detail } = Object(value) as Partial<FieldError>;
  return typeof field === 'string' && typeof detail === 'string';
}
