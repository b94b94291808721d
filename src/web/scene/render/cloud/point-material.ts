// How points are drawn: one material for all nodes, whose colours and omissions are worked out on the graphics card.
import { GLSL3, Matrix4, ShaderMaterial, Vector3, Vector4 } from 'three'
import type { Cuboid } from '../../../../formats/geometry3d/cuboid'
import { createRotation, transposeMatrix, type Vector } from '../../../../formats/geometry3d/rotation'
import { type ColourMode, colourModes } from '../../look/cloud-aids'
import { getPalette, getRamp } from './ramps'

const vertexShader = /* glsl */ `
  uniform float size;
  uniform int mode;
  uniform vec2 range;
  uniform sampler2D ramp;
  uniform sampler2D palette;
  uniform vec3 plain;
  uniform vec3 sensor;
  uniform vec4 ground;
  uniform float groundCut;
  uniform mat4 clip;
  uniform bool isCut;
  uniform bool isClipped;
  in float intensity;
  in vec4 colour;
  in vec4 classes;
  in vec4 tint;
  out vec3 shade;

  vec3 onRamp(float value) {
    return texture(ramp, vec2(clamp((value - range.x) / max(range.y - range.x, 1e-6), 0.0, 1.0), 0.5)).rgb;
  }
  vec3 onPalette(float value) {
    return texelFetch(palette, ivec2(int(value * 255.0 + 0.5), 0), 0).rgb;
  }

  void main() {
    vec4 at = modelMatrix * vec4(position, 1.0);
    bool isLow = isCut && dot(ground.xyz, at.xyz) + ground.w < groundCut;
    bool isOut = isClipped && any(greaterThan(abs((clip * at).xyz), vec3(1.0)));
    gl_PointSize = size;
    if (isLow || isOut) {
      gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
      return;
    }
    gl_Position = projectionMatrix * viewMatrix * at;
    if (mode == 0) shade = onRamp(at.z);
    else if (mode == 1) shade = onRamp(intensity);
    else if (mode == 2) shade = onRamp(length(at.xyz - sensor));
    else if (mode == 3) shade = onPalette(classes.x);
    else if (mode == 4) shade = colour.rgb;
    else if (mode == 5) shade = onPalette(classes.y);
    else shade = plain;
    shade = mix(shade, tint.rgb, tint.a);
  }
`

const fragmentShader = /* glsl */ `
  uniform bool isRound;
  in vec3 shade;
  out vec4 result;
  void main() {
    if (isRound) {
      vec2 off = gl_PointCoord - 0.5;
      if (dot(off, off) > 0.25) discard;
    }
    result = vec4(shade, 1.0);
  }
`

export type PointLookValues = {
  /** Device pixels. */
  size: number
  colour: ColourMode
  ramp: Parameters<typeof getRamp>[0]
  range: readonly [number, number]
  sensor: Vector
  /** A plane (normal and offset) and how high above it points are left out below. */
  ground: { normal: Vector; offset: number; cut: number } | null
  clip: Cuboid | null
}

/** From places to the box of a cuboid, whose faces lie at −1 and 1. */
const toBoxMatrix = ({ position, rotation, scale }: Cuboid): Matrix4 => {
  const m = transposeMatrix(createRotation(rotation))
  const [hx, hy, hz] = scale.map((length) => Math.max(length, 1e-6) / 2) as [number, number, number]
  const [x, y, z] = position
  const row = (a: number, b: number, c: number, half: number) =>
    [a / half, b / half, c / half, -(a * x + b * y + c * z) / half] as const
  return new Matrix4().set(...row(m[0], m[1], m[2], hx), ...row(m[3], m[4], m[5], hy), ...row(m[6], m[7], m[8], hz), 0, 0, 0, 1)
}

export const createPointMaterial = () => {
  const material = new ShaderMaterial({
    vertexShader,
    fragmentShader,
    glslVersion: GLSL3,
    uniforms: {
      size: { value: 2 },
      mode: { value: 0 },
      range: { value: [0, 1] },
      ramp: { value: null },
      palette: { value: getPalette() },
      plain: { value: new Vector3(0.82, 0.86, 0.91) },
      sensor: { value: new Vector3() },
      ground: { value: new Vector4() },
      groundCut: { value: 0 },
      clip: { value: new Matrix4() },
      isCut: { value: false },
      isClipped: { value: false },
      isRound: { value: false },
    },
  })
  // Of nodes that have no such values; three's type knows its own names only.
  Object.assign(material, {
    defaultAttributeValues: { intensity: [0], colour: [1, 1, 1, 1], classes: [0, 0, 0, 0], tint: [0, 0, 0, 0] },
  })
  const set = (name: string, value: unknown) => {
    material.uniforms[name]!.value = value
  }
  return {
    material,
    apply: ({ size, colour, ramp, range, sensor, ground, clip }: PointLookValues) => {
      set('size', size)
      set('mode', colourModes.indexOf(colour))
      set('range', range)
      set('ramp', getRamp(ramp))
      set('sensor', new Vector3(...sensor))
      set('isCut', ground !== null)
      if (ground) {
        set('ground', new Vector4(...ground.normal, ground.offset))
        set('groundCut', ground.cut)
      }
      set('isClipped', clip !== null)
      if (clip) set('clip', toBoxMatrix(clip))
      // Corners show on large points only.
      set('isRound', size >= 5)
      material.uniformsNeedUpdate = true
    },
  }
}
export type PointMaterial = ReturnType<typeof createPointMaterial>
