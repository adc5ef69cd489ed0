/** A position in a plane (a pixel spans from its index to the next) or on the screen. */
export interface IPoint {
  x: number;
  y: number;
}

export interface ISize {
  width: number;
  height: number;
}

/** How the plane lies on the screen. */
export interface IOrientation {
  /** Quarter turns clockwise. */
  turns: 0 | 1 | 2 | 3;
  /** Mirrored left to right, before it is turned. */
  isFlipped: boolean;
  /** Whether the plane fills the screen instead of keeping its pixels square. */
  isStretched: boolean;
}

export const UPRIGHT: IOrientation = {
  turns: 0,
  isFlipped: false,
  isStretched: false
};

/** What is looked at: a point of the plane in the middle of the screen, and how near it is. */
export interface ICamera {
  /** How much larger than the whole plane, which is 1. */
  zoom: number;
  /** Fractions of the plane's width and height. */
  x: number;
  y: number;
}

export const WHOLE: ICamera = { zoom: 1, x: 0.5, y: 0.5 };
const MOST = 400;

/** Turns positions in the plane into positions on the screen, and back. */
export class View {
  constructor(
    readonly plane: ISize,
    readonly screen: ISize,
    readonly camera: ICamera,
    readonly orientation: IOrientation
  ) {
    const { turns, isStretched, isFlipped } = orientation;
    const isTurned = turns % 2 === 1;
    const [width, height] = isTurned
      ? [plane.height, plane.width]
      : [plane.width, plane.height];
    const fit = [screen.width / width, screen.height / height];
    const square = Math.min(...fit);
    const [across, down] = isStretched ? fit : [square, square];
    // Of a step along the plane's x and y on the screen.
    const angle = (turns * Math.PI) / 2;
    const [cos, sin] = [
      Math.round(Math.cos(angle)),
      Math.round(Math.sin(angle))
    ];
    const flip = isFlipped ? -1 : 1;
    this._a = cos * across * camera.zoom * flip;
    this._b = sin * down * camera.zoom * flip;
    this._c = -sin * across * camera.zoom;
    this._d = cos * down * camera.zoom;
    const [x, y] = [camera.x * plane.width, camera.y * plane.height];
    this._e = screen.width / 2 - this._a * x - this._c * y;
    this._f = screen.height / 2 - this._b * x - this._d * y;
  }

  /** Arguments of `setTransform` of a canvas. */
  get transform(): [number, number, number, number, number, number] {
    return [this._a, this._b, this._c, this._d, this._e, this._f];
  }

  /** Pixels of the screen along one of the plane, at least. */
  get scale(): number {
    return Math.min(Math.hypot(this._a, this._b), Math.hypot(this._c, this._d));
  }

  toScreen({ x, y }: IPoint): IPoint {
    return {
      x: this._a * x + this._c * y + this._e,
      y: this._b * x + this._d * y + this._f
    };
  }

  toPlane({ x, y }: IPoint): IPoint {
    const determinant = this._a * this._d - this._b * this._c;
    const [u, v] = [x - this._e, y - this._f];
    return {
      x: (this._d * u - this._c * v) / determinant,
      y: (this._a * v - this._b * u) / determinant
    };
  }

  /** The camera after the picture was pushed by so many pixels of the screen. */
  pushed(dx: number, dy: number): ICamera {
    const { width, height } = this.screen;
    const middle = this.toPlane({ x: width / 2 - dx, y: height / 2 - dy });
    return this._towards(middle, this.camera.zoom);
  }

  /** The camera nearer by a factor, with what is at a point of the screen staying there. */
  zoomed(factor: number, at: IPoint): ICamera {
    const zoom = Math.max(1, Math.min(MOST, this.camera.zoom * factor));
    const ratio = this.camera.zoom / zoom;
    const fixed = this.toPlane(at);
    const middle = {
      x: this.camera.x * this.plane.width,
      y: this.camera.y * this.plane.height
    };
    return this._towards(
      {
        x: fixed.x + (middle.x - fixed.x) * ratio,
        y: fixed.y + (middle.y - fixed.y) * ratio
      },
      zoom
    );
  }

  /** The part of the plane that is seen: rows from and to, columns from and to. */
  visible(): [number, number, number, number] {
    const { width, height } = this.screen;
    const corners = [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: 0, y: height },
      { x: width, y: height }
    ].map(corner => this.toPlane(corner));
    const within = (value: number, most: number) =>
      Math.max(0, Math.min(most, value));
    const xs = corners.map(({ x }) => within(x, this.plane.width));
    const ys = corners.map(({ y }) => within(y, this.plane.height));
    return [
      Math.floor(Math.min(...ys)),
      Math.ceil(Math.max(...ys)),
      Math.floor(Math.min(...xs)),
      Math.ceil(Math.max(...xs))
    ];
  }

  private _towards({ x, y }: IPoint, zoom: number): ICamera {
    const within = (fraction: number) => Math.max(0, Math.min(1, fraction));
    return {
      zoom,
      x: zoom === 1 ? 0.5 : within(x / this.plane.width),
      y: zoom === 1 ? 0.5 : within(y / this.plane.height)
    };
  }

  private readonly _a: number;
  private readonly _b: number;
  private readonly _c: number;
  private readonly _d: number;
  private readonly _e: number;
  private readonly _f: number;
}
