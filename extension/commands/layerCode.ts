/** Python that runs the exported ONNX file of a layer; names are quoted as JSON, which Python reads the same. */
export const layerCode = (run: string, layer: string): string => {
  const file = JSON.stringify(`${run}-${layer}.onnx`);
  return `import numpy as np
import onnxruntime

# Layer ${JSON.stringify(layer)} of the run ${JSON.stringify(run)}, written by "Pentimento: Export Layer as ONNX".
session = onnxruntime.InferenceSession(${file})
# Images: float32 [batch, height, width, channels] in [0, 1]; vectors: float32 [batch, features].
x = np.zeros([8, *session.get_inputs()[0].shape[1:]], dtype=np.float32)
representation = session.run([${JSON.stringify(layer)}], {"x": x})[0]
print(representation.shape)
`;
};
