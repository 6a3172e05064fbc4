/** Attributes of log records that checks and people look for; Loki makes their dots underscores. */
const KNOWN = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'http.server.request.duration',
  'url.path',
  'url.scheme',
  'url.query',
  'url.full',
  'error.type',
  'user.id',
  'user.email',
  'enduser.id',
  'client.address',
  'server.address',
  'server.port',
  'event.name',
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'test.run.id',
  'test.scenario',
];

const dotted = new Map(KNOWN.map((name) => [name.replaceAll(/[^a-zA-Z0-9]/g, '_'), name]));

/** The attribute that a name in structured metadata stands for; as it is where that cannot be known. */
export function attributeName(metadataName: string): string {
  return dotted.get(metadataName) ?? metadataName;
}
