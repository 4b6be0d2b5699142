//! Chinese of the sentences of `net/inet/ip_fw_ctl.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Carries out a wish about accounting: add, delete, flush, zero.", "执行对记账的要求：增加、删除、清空、清零。"),
    (
        "Changes the rules or the policy of the firewall, or tells what it would do to a packet.",
        "更改防火墙的规则或默认策略，或说明它会怎样处理一个包。",
    ),
    (
        "Puts a rule into a chain, in front of the first one that it beats, else at the end.",
        "把规则放进链中，排在第一条被它胜过的规则之前；一条也胜不过就排在最后。",
    ),
    (
        "Reads the rule that a process hands over and refuses one that makes no sense.",
        "读取进程交来的规则，并拒绝没有意义的规则。",
    ),
    ("Sets the counters of all rules of a chain to nought.", "把一条链上所有规则的计数器清零。"),
    ("Takes a rule out of a chain, as often as it is there.", "从链中取出一条规则，有几份取几份。"),
    ("Throws all rules of a chain away; the policy stays.", "丢弃一条链上的所有规则；默认策略保留。"),
    ("a flag that no rule has: EINVAL", "规则没有这样的标志：EINVAL"),
    ("no rule is exactly this one: EINVAL", "没有与之完全相同的规则：EINVAL"),
    ("not the length of a rule: EINVAL", "长度不是一条规则的长度：EINVAL"),
    ("too many ports, or a range without its two ends: EINVAL", "端口太多，或者范围缺了一端：EINVAL"),
];
