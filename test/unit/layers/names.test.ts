import { describe, expect, it } from 'vitest';
import { summarise } from '../../../src/layers/index.ts';
import { wordsOf } from '../../../src/layers/words.ts';
import { type Described, headerOnly } from './checkpoints.ts';

/** `kind rows x columns` of the first layer of a tensor, with their number; `vector`, or why it is skipped. */
const roleOf = async (tensor: Described, ...beside: readonly Described[]): Promise<string> => {
  const { layers, vectors, skipped } = await summarise(headerOnly([tensor, ...beside]), 'reshape');
  const own = layers.filter((layer) => layer.tensor === tensor.name);
  const reason = skipped.find(({ name }) => name === tensor.name)?.reason;
  if (own.length === 0) return vectors.some(({ name }) => name === tensor.name) ? 'vector' : `${reason}`;
  const [{ kind, matrix }] = own;
  return `${kind} ${matrix.join(' x ')}${own.length === 1 ? '' : `, ${own.length}`}`;
};

describe('the words of a name', () => {
  it.each([
    ['self_attn.q_proj', ['self', 'attn', 'q', 'proj']],
    ['MultiHeadDotProductAttention_0/out', ['multi', 'head', 'dot', 'product', 'attention', '0', 'out']],
    ['Conv2DTranspose_1', ['conv2d', 'transpose', '1']],
    ['embedConv', ['embed', 'conv']],
    ['', []],
  ])('are those of %s', (name, words) => expect(wordsOf(name)).toEqual(words));
});

describe('a tensor of which only the name and the shape are known', () => {
  it.each([
    // Convolutions named like embeddings.
    ['encoder.embed_conv.weight', [32, 16, 3, 3], 'convolution 32 x 144'],
    ['audio.conv_embed.weight', [32, 16, 5], 'convolution 32 x 80'],
    ['v.patch_embd.weight', [32, 3, 4, 4], 'convolution 32 x 48'],
    ['visual.patch_embed.proj.weight', [32, 3, 2, 4, 4], 'convolution 32 x 96'],
    ['embed.weight', [32, 3, 4, 4], 'convolution 32 x 48'],
    ['encoder.pos_conv_embed.conv.weight', [48, 3, 8], 'convolution 48 x 24'],
    ['embed_conv/kernel', [3, 3, 16, 32], 'convolution 32 x 144'],
    // Embeddings, and names that only contain the letters of one.
    ['token_embd.weight', [100, 64], 'embedding 100 x 64'],
    ['model.embed_tokens.weight', [100, 64], 'embedding 100 x 64'],
    ['vision_model.embeddings.position_embedding.weight', [50, 48], 'embedding 50 x 48'],
    ['params/Embed_0/embedding', [50, 16], 'embedding 50 x 16'],
    ['pos_embed', [1, 50, 48], 'embedding 50 x 48'],
    ['query_tokens', [1, 32, 48], 'embedding 32 x 48'],
    ['relative_position_bias_table', [169, 4], 'embedding 169 x 4'],
    ['decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight', [32, 12], 'embedding 32 x 12'],
    ['patch_embd.weight', [64, 48], 'dense 64 x 48'],
    ['embed_out.weight', [100, 64], 'dense 100 x 64'],
    ['time_emb_proj.weight', [64, 48], 'dense 64 x 48'],
    ['remembedded.weight', [64, 48], 'dense 64 x 48'],
    // Gains, biases and sizes, whatever their shape.
    ['bn.weight', [1, 32, 1, 1], 'vector'],
    ['layer_scale.gamma', [32, 1, 1], 'vector'],
    ['norm.weight', [4, 8, 8], 'vector'],
    ['cls_token', [1, 1, 48], 'vector'],
    ['class_token', [1, 48], 'vector'],
    ['time_maa', [1, 1, 64], 'vector'],
    ['oldwn.weight_g', [12, 1, 1], 'vector'],
    ['wn.weight_g', [32, 1], 'vector'],
    ['wn.parametrizations.weight.original0', [32, 1], 'vector'],
    ['te_self_attn_q_proj.dora_scale', [48, 1], 'vector'],
    ['conv.dora_scale', [1, 48, 1, 1], 'vector'],
    ['mha/query/bias', [4, 4], 'vector'],
    ['gru_cell/bias:0', [2, 18], 'vector'],
    ['mlp.experts.gate_up_proj_bias', [8, 64], 'vector'],
    ['layers/ln/scale', [6, 16], 'vector'],
    ['norm1.linear.weight', [96, 16], 'dense 96 x 16'],
    // What weight_norm and spectral_norm store is the matrix.
    ['wn.parametrizations.weight.original1', [32, 16], 'dense 32 x 16'],
    ['conv.parametrizations.weight.original1', [12, 8, 3], 'convolution 12 x 24'],
    ['oldwn.weight_v', [12, 8, 3], 'convolution 12 x 24'],
    ['sn.weight_orig', [32, 16], 'dense 32 x 16'],
    ['attn.q_proj.parametrizations.weight.original', [32, 16], 'attention 32 x 16'],
    // Depthwise kernels.
    ['mixer.conv1d.weight', [64, 1, 4], 'convolution 64 x 4'],
    ['blk.0.ssm_conv1d.weight', [64, 4], 'convolution 64 x 4'],
    ['MobilenetV2/expanded_conv/depthwise/depthwise_weights', [3, 3, 32, 1], 'convolution 32 x 9'],
    ['conv_dw_1/depthwise_kernel:0', [3, 3, 8, 1], 'convolution 8 x 9'],
    ['logits/kernel', [1, 1, 64, 1], 'convolution 1 x 64'],
    // Stacks of matrices.
    ['bilinear.weight', [10, 20, 30], 'dense 20 x 30, 10'],
    ['blk.0.ffn_gate_exps.weight', [4, 32, 64], 'dense 32 x 64, 4'],
    ['mlp.experts.gate_up_proj', [4, 32, 64], 'dense 32 x 64, 4'],
    ['layers/moe/experts/w1/kernel', [2, 4, 16, 24], 'dense 16 x 24, 8'],
    ['params/encoder/layers/mlp/wi/kernel', [6, 16, 32], 'dense 16 x 32, 6'],
    ['params/encoderblock/MlpBlock_0/Dense_0/kernel', [6, 16, 32], 'dense 16 x 32, 6'],
    ['layer_0/attn/kv_einsum/w', [2, 3, 16, 8], 'dense 16 x 8, 6'],
    ['params/MultiHeadDotProductAttention_0/query/kernel', [32, 4, 8], 'attention 32 x 32'],
    ['params/MultiHeadDotProductAttention_0/out/kernel', [4, 8, 32], 'attention 32 x 32'],
    ['params/layers/attention/key/kernel', [6, 32, 4, 8], 'attention 32 x 32, 6'],
    ['params/Conv_0/kernel', [5, 8, 16], 'convolution 16 x 40'],
    ['kan.coef', [16, 8, 5], 'dense 8 x 5, 16'],
    ['0.weight', [16, 8, 5], 'convolution 16 x 40'],
    ['array', [16, 8, 5], 'convolution 16 x 40'],
    ['layer_0/param_0', [64, 3, 3, 3], 'convolution 64 x 27'],
    // Attention, as a whole word.
    ['down.attentions.0.proj_in.weight', [32, 32], 'dense 32 x 32'],
    ['down.attentions.0.attn1.to_q.weight', [32, 32], 'attention 32 x 32'],
    ['blk.0.attn_qkv.weight', [192, 64], 'attention 64 x 64, 3'],
    ['model.layers.0.self_attn.qkv_proj.weight', [96, 64], 'attention 96 x 64'],
    ['q_proj.weight', [32, 32], 'attention 32 x 32'],
    ['battnet.fc.weight', [32, 32], 'dense 32 x 32'],
    // As before.
    ['conv3d.weight', [8, 4, 3, 3, 3], 'convolution 8 x 108'],
    ['spectral.weights1', [8, 8, 6, 6], 'convolution 8 x 288'],
    ['text_projection', [32, 48], 'dense 32 x 48'],
    ['b', [16, 32], 'dense 16 x 32'],
    ['g', [16, 32], 'dense 16 x 32'],
    ['mixer.A_log', [64, 16], 'dense 64 x 16'],
    ['moe.gate.weight', [4, 64], 'dense 4 x 64'],
    ['lm_head.bias', [100], 'vector'],
    ['logit_scale', [], 'is a single number'],
    ['big6d.weight', [2, 2, 2, 2, 2, 2], 'has 6 dimensions'],
  ])('%s of %j is %s', async (name, shape, role) => {
    expect(await roleOf({ name, shape })).toBe(role);
  });

  it('is depthwise where its bias has a number for each channel', async () => {
    const bias = { name: 'block_1/bias', shape: [8] };
    expect(await roleOf({ name: 'block_1/kernel', shape: [3, 3, 8, 1] }, bias)).toBe('convolution 8 x 9');
    const single = { ...bias, shape: [1] };
    expect(await roleOf({ name: 'block_1/kernel', shape: [3, 3, 8, 1] }, single)).toBe('convolution 1 x 72');
  });

  it('is a stack of layers where its bias is one', async () => {
    const bias = { name: 'params/layers/conv/bias', shape: [2, 16] };
    const kernel = { name: 'params/layers/conv/kernel', shape: [2, 3, 3, 8, 16] };
    expect(await roleOf(kernel, bias)).toBe('convolution 16 x 72, 2');
    expect(await roleOf(kernel)).toBe('convolution 16 x 144');
  });

  it('takes no longer for a name that is made to', async () => {
    for (const name of [
      '_weight'.repeat(5000),
      'conv'.repeat(9000),
      `${'a.'.repeat(9000)}w`,
      '_kernel'.repeat(5000),
    ])
      expect(await roleOf({ name, shape: [4, 4, 2] })).toMatch(/^(?:convolution|dense) /);
  });
});
