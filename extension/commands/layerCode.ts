import { pythonText as quoted } from '../../src/protocol/messages.ts';

/** The file that a layer is exported to by default. A layer's name in a document may contain a path. */
export const exportedName = (run: string, layer: string, ending: string): string =>
  `${`${run}-${layer}`.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_')}.${ending}`;

/** Python that runs the exported ONNX file of a layer. */
export const layerCode = (run: string, layer: string): string => {
  const file = quoted(exportedName(run, layer, 'onnx'));
  return `import numpy as np
import onnxruntime

# Layer ${quoted(layer)} of the run ${quoted(run)}, written by "Pentimento: Export Layer as ONNX".
session = onnxruntime.InferenceSession(${file})
# Images: float32 [batch, height, width, channels] in [0, 1]; vectors: float32 [batch, features].
x = np.zeros([8, *session.get_inputs()[0].shape[1:]], dtype=np.float32)
representation = session.run([${quoted(layer)}], {"x": x})[0]
print(representation.shape)
`;
};

/** Python that runs the exported ONNX file of a layer of a model that was inspected. */
export const cutModelCode = (inspection: string, layer: string): string => {
  const file = quoted(exportedName(inspection, layer, 'onnx'));
  return `import numpy as np
import onnxruntime

# Layer ${quoted(layer)} of ${quoted(inspection)}, written by "Pentimento: Export Layer as ONNX".
session = onnxruntime.InferenceSession(${file})
# What to give: images are bytes, uint8 [batch, height, width, channels]; other inputs are as the model takes them.
print([(port.name, port.shape, port.type) for port in session.get_inputs()])
print(session.get_modelmeta().custom_metadata_map["pentimento.input"])
types = {"tensor(uint8)": np.uint8, "tensor(int64)": np.int64, "tensor(float)": np.float32}
x = {
    port.name: np.ones([extent if isinstance(extent, int) else 8 for extent in port.shape], dtype=types[port.type])
    for port in session.get_inputs()
}
representation = session.run(None, x)[0]
print(representation.shape)
`;
};
