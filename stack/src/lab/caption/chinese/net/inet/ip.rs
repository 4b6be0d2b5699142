//! Chinese of the sentences of `net/inet/ip.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("0.0.0.0: no interface is chosen any more", "0.0.0.0：不再指定接口"),
    ("1.2.13 looks for no other way: the function is empty", "1.2.13 不另寻他路：这个函数是空的"),
    ("A device went down: its routes go.", "有设备停用：经由它的路由随之消失。"),
    ("Announces IP to the device layer.", "向设备层登记 IP。"),
    ("Reads an option of the IP level.", "读取一个 IP 层的选项。"),
    ("Sets an option of the IP level.", "设置一个 IP 层的选项。"),
    (
        "Would look for another route after retransmissions in vain; does nothing.",
        "本应在多次重传无果之后另找路由；实际什么也不做。",
    ),
    (
        "Writes the checksum of an IP header, the last field to be filled in.",
        "写入 IP 首部的校验和，它是最后填写的字段。",
    ),
    ("an option IP does not know: ENOPROTOOPT", "IP 不认识的选项：ENOPROTOOPT"),
    ("no rule is that long: EINVAL", "规则没有这样的长度：EINVAL"),
    ("not an option of the IP level: EOPNOTSUPP", "不是 IP 层的选项：EOPNOTSUPP"),
    ("only the superuser may touch the rules: EPERM", "只有超级用户可以改动规则：EPERM"),
    (
        "the interface is remembered by its name, and nobody who sends asks for it",
        "按名字记下这个接口，但发送时没有任何代码去看它",
    ),
];
