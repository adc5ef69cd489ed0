/**
 * The discrete Fourier transform of complex numbers, in their place; their count is a power of
 * two. J. W. Cooley and J. W. Tukey, An algorithm for the machine calculation of complex Fourier
 * series, Math. Comput. 19, 297 (1965), doi:10.1090/S0025-5718-1965-0178586-1.
 */
export class Fft {
  constructor(readonly length: number) {
    const angle = (index: number) => (-2 * Math.PI * index) / length;
    const half = { length: length / 2 };
    this._cos = Float64Array.from(half, (_, index) => Math.cos(angle(index)));
    this._sin = Float64Array.from(half, (_, index) => Math.sin(angle(index)));
  }

  /** The least power of two that holds so many. */
  static lengthFor(count: number): number {
    return 2 ** Math.ceil(Math.log2(count));
  }

  forward(re: Float64Array, im: Float64Array): void {
    this._reorder(re, im);
    const { length, _cos: cos, _sin: sin } = this;
    for (let size = 2; size <= length; size *= 2) {
      const half = size / 2;
      const stride = length / size;
      for (let start = 0; start < length; start += size) {
        for (let index = 0; index < half; index++) {
          const [one, other] = [start + index, start + index + half];
          const [c, s] = [cos[index * stride], sin[index * stride]];
          const x = re[other] * c - im[other] * s;
          const y = re[other] * s + im[other] * c;
          re[other] = re[one] - x;
          im[other] = im[one] - y;
          re[one] += x;
          im[one] += y;
        }
      }
    }
  }

  /** The inverse of `forward`, scaled back. */
  inverse(re: Float64Array, im: Float64Array): void {
    // Exchanging the parts before and after turns the direction round.
    this.forward(im, re);
    for (let index = 0; index < this.length; index++) {
      re[index] /= this.length;
      im[index] /= this.length;
    }
  }

  /** Puts each number where its index with the bits in reverse points. */
  private _reorder(re: Float64Array, im: Float64Array): void {
    for (let index = 1, other = 0; index < this.length; index++) {
      let bit = this.length >> 1;
      for (; other & bit; bit >>= 1) {
        other ^= bit;
      }
      other ^= bit;
      if (index < other) {
        [re[index], re[other]] = [re[other], re[index]];
        [im[index], im[other]] = [im[other], im[index]];
      }
    }
  }

  private readonly _cos: Float64Array;
  private readonly _sin: Float64Array;
}
