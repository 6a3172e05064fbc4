/** A sample of a metrics page: the text between its braces, and its value. */
export interface Sample {
  labels: string;
  value: number;
}

/** The samples of one metric in an OpenMetrics text. */
export function samplesOf(text: string, metric: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([\w:]+)(?:\{(.*?)\})? (\S+)/.exec(line) ?? [];
    return name === metric ? [{ labels, value: Number(value) }] : [];
  });
}
