/** @import { Latency } from '@clew/evidence' */
/** @import uPlot from 'uplot' */

/**
 * Draws how many requests fell into each bucket in each step of time, the more the stronger.
 *
 * @param {uPlot} plot
 * @param {Pick<Latency, 'cells' | 'stepUs'>} latency
 * @param {{ min: number, max: number }} y limits of the axis: buckets may be open
 * @param {string} colour
 */
export function drawHeat(plot, { cells, stepUs }, y, colour) {
  const { ctx, bbox } = plot;
  const most = Math.max(1, ...cells.map(({ count }) => count));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  for (const { timeUs, from, to, count } of cells) {
    const left = plot.valToPos(timeUs / 1e6, 'x', true);
    const right = plot.valToPos((timeUs + stepUs) / 1e6, 'x', true);
    const bottom = plot.valToPos(Math.max(from, y.min), 'y', true);
    const top = plot.valToPos(to ?? y.max, 'y', true);
    ctx.globalAlpha = 0.05 + 0.33 * (Math.log1p(count) / Math.log1p(most));
    ctx.fillRect(left, top, right - left, bottom - top);
  }
  ctx.restore();
}
