import { named, selects, workloads } from '../objects.ts';
import { eachContainer, type Invariant, podSelectorOf, repeated } from './invariant.ts';

export const variables: Record<string, Invariant> = {
  'no variable twice': (objects) =>
    eachContainer(objects, ({ env = [] }) =>
      repeated(env.map(({ name }) => name)).map((name) => `${name} is there twice`),
    ),

  'variables before those that mention them': (objects) =>
    eachContainer(objects, ({ env = [] }) =>
      env.flatMap(({ name, value = '' }, index) => {
        const before = env.slice(0, index).map((one) => one.name);
        const mentioned = [...value.matchAll(/\$\((\w+)\)/g)].map(([, one]) => String(one));
        return mentioned.filter((one) => !before.includes(one)).map((one) => `${name} mentions $(${one})`);
      }),
    ),

  'OTEL_RESOURCE_ATTRIBUTES can be parsed': (objects) =>
    eachContainer(objects, ({ env = [] }) => {
      const value = env.find(({ name }) => name === 'OTEL_RESOURCE_ATTRIBUTES')?.value ?? '';
      const parts = value.replaceAll(/\$\(\w+\)/g, 'x').split(',');
      return value === '' ? [] : parts.filter((part) => !/^[\w.-]+=[\w.~%-]*$/.test(part)).map((part) => `"${part}"`);
    }),

  'strangers are not trusted': (objects) =>
    workloads(objects).flatMap(({ object, template }) => {
      const trusts = template.spec.containers[0]?.env?.find(({ name }) => name === 'TRUST_INBOUND_TRACE')?.value;
      const services = objects
        .filter((object) => object.kind === 'Service' && selects(podSelectorOf(object), template.metadata?.labels))
        .map(({ metadata }) => metadata.name);
      const open = objects
        .filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute')
        .some((route) => services.some((name) => JSON.stringify(route.spec).includes(`"name":"${name}"`)));
      return open && trusts === 'true' ? [`${named(object)}: TRUST_INBOUND_TRACE=true`] : [];
    }),
};
