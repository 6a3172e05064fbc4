import { evaluateText } from './evaluate.ts';
import type { Block } from './read.ts';

type Labels = Record<string, string>;

/**
 * What the rules of a relabelling make of labels; undefined when they drop them.
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
 *
 * @throws on an action that is not known here
 */
export function relabel({ blocks }: Block, labels: Labels): Labels | undefined {
  let result: Labels | undefined = { ...labels };
  for (const { attributes } of blocks.filter(({ type }) => type === 'rule')) {
    if (result === undefined) return undefined;
    const given = (name: string, otherwise: string) =>
      attributes[name] === undefined ? otherwise : evaluateText(attributes[name]);
    const names = Array.isArray(attributes.source_labels)
      ? attributes.source_labels.map((name) => evaluateText(name))
      : [];
    const source = names.map((name) => result?.[name] ?? '').join(given('separator', ';'));
    const regex = new RegExp(`^(?:${given('regex', '(.*)')})$`, 's');
    result = actions[given('action', 'replace')]?.(result, {
      regex,
      source,
      target: given('target_label', ''),
      replacement: given('replacement', '$1'),
    });
  }
  return result;
}

interface Rule {
  regex: RegExp;
  source: string;
  target: string;
  replacement: string;
}

const actions: Record<string, (labels: Labels, rule: Rule) => Labels | undefined> = {
  replace: (labels, { regex, source, target, replacement }) => {
    const match = regex.exec(source);
    if (match === null) return labels;
    const value = replacement.replace(/\$(\d+)/g, (_, group) => match[Number(group)] ?? '');
    const { [target]: _, ...rest } = labels;
    // An empty label is none.
    return value === '' ? rest : { ...rest, [target]: value };
  },
  keep: (labels, { regex, source }) => (regex.test(source) ? labels : undefined),
  drop: (labels, { regex, source }) => (regex.test(source) ? undefined : labels),
  labeldrop: (labels, { regex }) => Object.fromEntries(Object.entries(labels).filter(([name]) => !regex.test(name))),
};
