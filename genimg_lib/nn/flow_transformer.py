"""Noisy numbers on a grid, a time and words -> numbers like them: a transformer over patches.

Source: Peebles and Xie (DiT), arXiv:2212.09748; one modulation that all blocks share: Chen et al.
(PixArt-alpha), arXiv:2310.00426, section 2.3.
"""

import keras
from keras import layers, ops

from genimg_lib.nn.cross_attention import Reader
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth, time_features
from genimg_lib.nn.transformer import Attention


class ModulatedBlock(layers.Layer):
    """A block of a transformer whose norms are scaled and shifted, and whose two parts are gated,
    by a vector of the time and the words.

    Every block adds a learned table of its own to the modulation that all share. Both start at
    zero, so that at first every block is the identity.
    """

    def __init__(self, width: int, heads: int, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.norms = [
            layers.LayerNormalization(center=False, scale=False),
            layers.LayerNormalization(center=False, scale=False),
        ]
        self.attention = Attention(width, heads)
        self.widen = layers.Dense(4 * width, activation="gelu")
        self.narrow = layers.Dense(width)

    def build(self, shape):
        self.table = self.add_weight(
            name="table", shape=(1, 1, 6 * self.width), initializer="zeros"
        )
        for layer in (*self.norms, self.attention, self.widen):
            layer.build((None, self.width))
        self.narrow.build((None, 4 * self.width))

    def call(self, x, modulation):
        """`x` (batch, n, width), `modulation` (batch, 1, 6 * width) -> (batch, n, width)."""
        shift, scale, gate, shift_2, scale_2, gate_2 = ops.split(modulation + self.table, 6, -1)
        count = x.shape[1]
        rows = ops.reshape(self.norms[0](x) * (1.0 + scale) + shift, (-1, self.width))
        mixed, _ = self.attention(rows, ops.zeros((count, count)))
        x = x + gate * ops.reshape(mixed, (-1, count, self.width))
        hidden = self.norms[1](x) * (1.0 + scale_2) + shift_2
        return x + gate_2 * self.narrow(self.widen(hidden))


class FlowTransformer(keras.Model):
    """Noisy pixels or latents (batch, h, w, dimension), times (batch,) and what was read -> numbers
    of the same shape: velocities or clean pixels, as the loss wants.

    The words are read once per picture, by a `Reader`, into one vector for each patch: `read`. The
    vectors are added to the patches, and their mean goes into the modulation with the time.

    Args:
        grid: (h, w) of the latents, multiples of `patch`.
        dimension: numbers per place of the grid.
        source_shape, source_vocabulary: of the words; see `Reader`.
        patch: side of the square of latents that becomes one position.
        width, depth, heads: of the blocks.
    """

    def __init__(
        self,
        grid,
        dimension: int,
        source_shape,
        source_vocabulary=None,
        *,
        patch: int = 2,
        width: int = 192,
        depth: int = 6,
        heads: int = 4,
    ):
        # Keras would round the times too, and the fastest features turn by 200 radians from 0 to 1:
        # a time of 0.7 in bfloat16 is off by up to 0.002.
        super().__init__(autocast=False)
        if grid[0] % patch or grid[1] % patch:
            raise ValueError(f"the grid must be a multiple of patch, got {grid} and {patch}")
        self.grid = tuple(grid)
        self.width = width
        self.patches = (grid[0] // patch, grid[1] // patch)
        count = self.patches[0] * self.patches[1]
        self.reader = Reader(
            count, source_shape[0], source_vocabulary, width=width, heads=heads, name="reader"
        )
        self.fold = SpaceToDepth(patch)
        self.unfold = DepthToSpace(patch)
        self.embed = layers.Dense(width)
        self.time = layers.Dense(width)
        self.words = layers.Dense(width)
        self.modulation = layers.Dense(6 * width, kernel_initializer="zeros", name="modulation")
        self.blocks = [ModulatedBlock(width, heads) for _ in range(depth)]
        self.norm = layers.LayerNormalization(center=False, scale=False)
        self.head = layers.Dense(dimension * patch * patch, kernel_initializer="zeros", name="head")
        self.positions = self.add_weight(
            name="positions",
            shape=(count, width),
            initializer=keras.initializers.RandomNormal(stddev=0.02),
        )
        self.reader.build((None, *source_shape))
        self.embed.build((None, dimension * patch * patch))
        self.time.build((None, 32))
        for layer in (self.words, self.modulation, *self.blocks, self.norm, self.head):
            layer.build((None, width))
        self.built = True

    def read(self, source):
        """Words -> one vector for each patch, (batch, patches, width)."""
        return self.reader(source)

    def call(self, latents, times, read):
        """The answer, (batch, h, w, dimension); `read` is what `read` returned."""
        x = self.fold(latents)
        x = ops.reshape(x, (-1, self.positions.shape[0], x.shape[-1]))
        x = self.embed(x)
        x = x + ops.cast(self.positions, x.dtype) + read
        context = self.time(time_features(times)) + self.words(ops.mean(read, axis=1))
        modulation = self.modulation(ops.silu(context))[:, None]
        for block in self.blocks:
            x = block(x, modulation)
        x = self.head(self.norm(x))
        return self.unfold(ops.reshape(x, (-1, *self.patches, x.shape[-1])))
