import type { Journey } from '../lib/play.ts';

/** One of several journeys, each as often as its weight says. */
export function mix(...parts: [weight: number, journey: Journey][]): Journey {
  const total = parts.reduce((sum, [weight]) => sum + weight, 0);
  return (client, run) => {
    let left = client.random() * total;
    for (const [weight, journey] of parts) {
      left -= weight;
      if (left < 0) return journey(client, run);
    }
  };
}
