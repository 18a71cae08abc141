// tfjs-core does not register gradients by itself: without this every tf.grads fails.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
