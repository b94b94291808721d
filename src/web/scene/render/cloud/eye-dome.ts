// Eye-dome lighting: points are drawn into a picture with depths first, and darkened where their neighbours on the screen are nearer.
// Boucheny, "Interactive scientific visualization of large datasets" (2009).
import {
  DepthTexture,
  FloatType,
  GLSL3,
  Mesh,
  NearestFilter,
  type Object3D,
  OrthographicCamera,
  PlaneGeometry,
  Scene,
  ShaderMaterial,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import type { DrawnView } from '../point-layer'

const vertexShader = /* glsl */ `
  out vec2 at;
  void main() {
    at = uv;
    gl_Position = vec4(position.xy, 0.0, 1.0);
  }
`

/** Depths are compared as logarithms of metres before an eye, and in shares of the depth of parallel views. */
const fragmentShader = /* glsl */ `
  uniform sampler2D colours;
  uniform sampler2D depths;
  uniform mat4 unproject;
  uniform vec2 pixel;
  uniform bool isParallel;
  uniform float strength;
  in vec2 at;
  out vec4 result;

  float readDepth(vec2 place) {
    float depth = texture(depths, place).x;
    if (depth >= 1.0) return -1.0;
    vec4 point = unproject * vec4(0.0, 0.0, depth * 2.0 - 1.0, 1.0);
    float metres = -point.z / point.w;
    return isParallel ? metres : log2(max(metres, 1e-4));
  }

  void main() {
    float own = readDepth(at);
    if (own == -1.0) discard;
    float nearer = 0.0;
    for (int i = 0; i < 8; i++) {
      float angle = float(i) * 0.7853982;
      float other = readDepth(at + vec2(cos(angle), sin(angle)) * pixel);
      if (other != -1.0) nearer += max(0.0, own - other);
    }
    float light = exp(-strength * nearer / 8.0);
    result = vec4(texture(colours, at).rgb * light, 1.0);
  }
`

export const createEyeDome = () => {
  const material = new ShaderMaterial({
    vertexShader,
    fragmentShader,
    glslVersion: GLSL3,
    depthTest: false,
    depthWrite: false,
    uniforms: {
      colours: { value: null },
      depths: { value: null },
      unproject: { value: null },
      pixel: { value: new Vector2() },
      isParallel: { value: false },
      strength: { value: 1 },
    },
  })
  const sheet = new Mesh(new PlaneGeometry(2, 2), material)
  sheet.frustumCulled = false
  const scene = new Scene()
  scene.add(sheet)
  const flat = new OrthographicCamera()
  const targets = new Map<string, WebGLRenderTarget>()

  const targetOf = ({ name, width, height }: DrawnView): WebGLRenderTarget => {
    const [across, down] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))]
    const there = targets.get(name)
    if (there && there.width === across && there.height === down) return there
    there?.dispose()
    const depthTexture = new DepthTexture(across, down, FloatType)
    const made = new WebGLRenderTarget(across, down, { minFilter: NearestFilter, magFilter: NearestFilter, depthTexture })
    targets.set(name, made)
    return made
  }

  return {
    /** @param below what lies under the points: drawn as it is */
    draw: (renderer: WebGLRenderer, view: DrawnView, points: Object3D, below: Object3D, strength: number): void => {
      const target = targetOf(view)
      renderer.render(below, view.camera)
      renderer.setRenderTarget(target)
      renderer.clear()
      renderer.render(points, view.camera)
      renderer.setRenderTarget(null)
      const isParallel = view.camera.projectionMatrix.elements[15] === 1
      const values: Record<string, unknown> = {
        ...{ colours: target.texture, depths: target.depthTexture, unproject: view.camera.projectionMatrixInverse },
        pixel: new Vector2((1.4 * view.ratio) / target.width, (1.4 * view.ratio) / target.height),
        isParallel,
        strength: isParallel ? strength : strength * 60,
      }
      for (const [name, value] of Object.entries(values)) material.uniforms[name]!.value = value
      renderer.render(scene, flat)
    },
    dispose: () => {
      for (const target of targets.values()) target.dispose()
      material.dispose()
      sheet.geometry.dispose()
    },
  }
}
export type EyeDome = ReturnType<typeof createEyeDome>

/** Whether a browser draws by its processor instead of a graphics card. */
export const drawsInSoftware = (renderer: WebGLRenderer): boolean => {
  const context = renderer.getContext()
  const names = context.getExtension('WEBGL_debug_renderer_info')
  const name = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER))
  return /swiftshader|llvmpipe|software|basic render/i.test(name)
}
