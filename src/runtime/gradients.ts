// tfjs-core registers no gradients of its own accord: without this every tf.grads fails.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
