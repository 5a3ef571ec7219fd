// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of the networks that people have, for images of 2x8x8, as scripts.
#pragma once

#include "tests/core/engine/script_fixture.h"

namespace bitscape::test {

using BlockMaker = void (*)(ScriptNet&);

inline void vgg(ScriptNet& net)
{
    net.add("conv1", net.conv(6, 2, 3, true, ", [1, 1], [1, 1], [1, 1], 1"));
    net.add("bn1", net.batchNorm(6));
    net.add("conv2", net.conv(4, 6, 3, true, ", [1, 1], \"same\""));
    net.add("fc", net.linear(5, 4 * 4 * 4));
    net.define(R"(
def forward(self, x):
    x = torch.relu_(self.bn1.forward(self.conv1.forward(x)))
    x = torch.max_pool2d(torch.relu(self.conv2.forward(x)), [2, 2])
    x = torch.adaptive_avg_pool2d(x, [4, 4])
    x = torch.dropout(torch.flatten(x, 1), 0.5, self.training)
    return self.fc.forward(x)
)");
}

inline void residual(ScriptNet& net)
{
    net.add("conv1", net.conv(4, 2, 3, false, ", [2, 2], [1, 1]"));
    net.add("bn1", net.batchNorm(4));
    net.add("conv2", net.conv(4, 4, 3, false, ", [1, 1], [1, 1]"));
    net.add("bn2", net.batchNorm(4));
    net.add("down", net.conv(4, 2, 1, false, ", [2, 2]"));
    net.add("fc", net.linear(3, 4));
    net.define(R"(
def forward(self, x):
    identity = x
    out = torch.relu_(self.bn1.forward(self.conv1.forward(x)))
    out = self.bn2.forward(self.conv2.forward(out))
    identity = self.down.forward(x)
    out += identity
    torch.relu_(out)
    return self.fc.forward(out.mean([2, 3]))
)");
}

inline void invertedResidual(ScriptNet& net)
{
    net.add("expand", net.conv(8, 2, 1, false, ""));
    net.add("bn1", net.batchNorm(8));
    net.add("depthwise", net.conv(8, 1, 3, false, ", [1, 1], [1, 1], [1, 1], 8"));
    net.add("bn2", net.batchNorm(8));
    net.add("project", net.conv(2, 8, 1, false, ""));
    net.add("fc", net.linear(3, 2));
    net.define(R"(
def forward(self, x):
    y = torch.hardtanh_(self.bn1.forward(self.expand.forward(x)), 0., 6.)
    y = torch.relu6(self.bn2.forward(self.depthwise.forward(y)))
    y = x + self.project.forward(y)
    y = torch.adaptive_avg_pool2d(y, [1, 1]).reshape([y.size(0), -1])
    return torch.log_softmax(self.fc.forward(y), 1)
)");
}

inline void squeezeExcite(ScriptNet& net)
{
    net.add("conv", net.conv(6, 2, 3, true, ", [1, 1], [1, 1]"));
    net.add("fc1", net.conv(3, 6, 1, true, ""));
    net.add("fc2", net.conv(6, 3, 1, true, ""));
    net.add("head", net.linear(3, 6));
    net.define(R"(
def forward(self, x):
    x = torch.hardswish(self.conv.forward(x))
    s = torch.adaptive_avg_pool2d(x, [1, 1])
    s = torch.hardsigmoid(self.fc2.forward(torch.relu(self.fc1.forward(s))))
    x = torch.mul(s, x)
    return self.head.forward(x.mean(3).mean(2))
)");
}

/// As SENet and third-party MobileNetV3 write it: vectors, expand_as, and the hard-swish by hand.
inline void squeezeByHand(ScriptNet& net)
{
    net.add("conv", net.conv(6, 2, 3, true, ", [1, 1], [1, 1]"));
    net.add("fc1", net.linear(3, 6));
    net.add("fc2", net.linear(6, 3));
    net.add("head", net.linear(3, 6));
    net.define(R"(
def forward(self, x):
    x = self.conv.forward(x)
    x = x * torch.relu6(x + 3) / 6
    b, c, h, w = x.size()
    s = torch.adaptive_avg_pool2d(x, [1, 1]).view([b, c])
    s = self.fc2.forward(torch.relu(self.fc1.forward(s)))
    s = (torch.hardtanh(s + 3., 0., 6.) * 0.16666666666666666).view([b, c, 1, 1])
    x = x * s.expand_as(x)
    return self.head.forward(torch.amax(x, [2, 3]))
)");
}

inline void fire(ScriptNet& net)
{
    net.add("squeeze", net.conv(3, 2, 1, true, ""));
    net.add("expand1", net.conv(4, 3, 1, true, ""));
    net.add("expand3", net.conv(4, 3, 3, true, ", [1, 1], [1, 1]"));
    net.add("classifier", net.conv(5, 8, 1, true, ""));
    net.define(R"(
def forward(self, x):
    x = torch.relu(self.squeeze.forward(x))
    x = torch.cat([torch.relu(self.expand1.forward(x)), torch.relu(self.expand3.forward(x))], 1)
    x = torch.max_pool2d(x, [3, 3], [2, 2], [0, 0], [1, 1], True)
    return torch.adaptive_avg_pool2d(torch.relu(self.classifier.forward(x)), [1, 1])
)");
}

/// The list grows while the network runs.
inline void dense(ScriptNet& net)
{
    net.add("bn1", net.batchNorm(2));
    net.add("conv1", net.conv(3, 2, 3, false, ", [1, 1], [1, 1]"));
    net.add("bn2", net.batchNorm(5));
    net.add("conv2", net.conv(3, 5, 3, false, ", [1, 1], [1, 1]"));
    net.add("fc", net.linear(4, 8 * 16));
    net.define(R"(
def grow(self, features: List[Tensor], second: bool):
    x = torch.cat(features, 1)
    if second:
        return self.conv2.forward(torch.relu(self.bn2.forward(x)))
    return self.conv1.forward(torch.relu(self.bn1.forward(x)))
)");
    net.define(R"(
def forward(self, x):
    features = [x]
    for i in range(2):
        features.append(self.grow(features, i == 1))
    x = torch.avg_pool2d(torch.cat(features, 1), [2, 2], [2, 2])
    return self.fc.forward(x.flatten(1))
)");
}

/// Slices, chunks, splits, padding and the views between a vector and an image.
inline void pieces(ScriptNet& net)
{
    net.add("conv", net.conv(6, 2, 3, true, ""));
    net.add("fc", net.linear(4, 6 * 9 + 6));
    net.define(R"(
def forward(self, x):
    x = torch.constant_pad_nd(x, [1, 0, 2, 1], 0.5)
    x = torch.leaky_relu(self.conv.forward(x), 0.2)
    a, b = torch.chunk(x, 2, 1)
    c, d = torch.split(x, [2, 4], 1)
    x = torch.cat([a, c, d[:, 1:4], b.narrow(1, 0, 1)], 1)
    x = torch.silu(x[:, ::2, 1:7, 1:7:1])
    y = torch.gelu(torch.max_pool2d(x, [2, 2]), approximate="tanh")
    z = torch.sigmoid(x.mean([2, 3], True)).squeeze(3).squeeze(2)[:, :6]
    z = torch.clamp(z, min=0.4)
    z = z.unsqueeze(2).unsqueeze(3).contiguous().view([-1, z.size(1) * 1])
    y = torch.cat([y, y.detach()[:, :1]], 1)
    y = y[:, :6] if y.size(1) > 6 else y
    y = torch.cat([y, y], 1)[:, :6]
    return self.fc.forward(torch.cat([y.reshape([x.shape[0], -1]), torch.cat([z, z], 1)[:, :6]], 1))
)");
}

/// What is decided by the input's shape, by None, by constants and by evaluation is decided.
inline void deadBranches(ScriptNet& net)
{
    net.add("conv", net.conv(3, 2, 3, true, ", [1, 1], [1, 1]"));
    net.add("never", net.conv(3, 3, 3, true, ""));
    net.add("fc", net.linear(4, 3));
    net.define(R"(
def check(self, x, size: Optional[List[int]]):
    if size is None:
        size = [x.size(2), int(x.size(3) / 1)]
    n = 1
    for s in x.size()[1:]:
        n *= s
    if n != 2 * 64 or len(size) != 2 or not (size[0] == 8 and size[1] == 8):
        assert False, "wrong size {}".format(size)
    return x
)");
    net.define(R"(
def forward(self, x):
    x = self.conv.forward(self.check(x, None))
    if self.training:
        x = x * torch.rand([1])
    i = 0
    while i < 3:
        if i == 7 and torch.is_floating_point(x):
            x = self.never.forward(x)
        i += 1
    return self.fc.forward(torch.relu(x).mean([-1, -2]))
)");
}

/// Fully connected layers as matrix products.
inline void products(ScriptNet& net)
{
    net.tensor("w1", at::randn({ 128, 6 }) * 0.1);
    net.tensor("b1", at::randn({ 6 }));
    net.tensor("w2", at::randn({ 5, 6 }));
    net.tensor("b2", at::randn({ 5 }));
    net.define(R"(
def forward(self, x):
    x = torch.relu(torch.matmul(x.view([x.size(0), -1]), self.w1) + self.b1)
    return torch.softmax(torch.addmm(self.b2, x, self.w2.t()), -1)
)");
}

struct Block {
    const char* name;
    BlockMaker make;
    int layers; ///< that it has
};

inline constexpr Block kBlocks[] = {
    { "vgg", vgg, 3 },
    { "residual", residual, 4 },
    { "inverted residual", invertedResidual, 4 },
    { "squeeze excite", squeezeExcite, 4 },
    { "squeeze by hand", squeezeByHand, 4 },
    { "fire", fire, 4 },
    { "dense", dense, 3 },
    { "pieces", pieces, 2 },
    { "dead branches", deadBranches, 2 },
    { "products", products, 2 },
};

} // namespace bitscape::test
