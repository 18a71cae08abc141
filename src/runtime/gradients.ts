import * as tf from '@tensorflow/tfjs-core';
// tfjs-core does not register gradients by itself: without this every tf.grads fails.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/**
 * tfjs multiplies the gradient of a sum by ones that it makes in memory and sends to the GPU with every step. Broadcasting needs none, and
 * a recorded graph stores nothing for it.
 */
const spread = (dy: tf.Tensor, x: tf.Tensor, axis: unknown): tf.Tensor => {
  const axes = tf.util.parseAxisParam(axis as number[], x.shape);
  const kept = x.shape.map((extent, place) => (axes.includes(place) ? 1 : extent));
  return tf.broadcastTo(tf.reshape(dy, kept), x.shape);
};

tf.registerGradient({
  kernelName: tf.Sum,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], { axis }) => ({ x: () => spread(dy as tf.Tensor, x, axis) }),
});

tf.registerGradient({
  kernelName: tf.Mean,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], { axis }) => ({
    x: () => spread(tf.mul(dy as tf.Tensor, (dy as tf.Tensor).size / x.size), x, axis),
  }),
});
