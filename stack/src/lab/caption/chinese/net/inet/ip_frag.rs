//! Chinese of the sentences of `net/inet/ip_frag.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Copies the fragments of a complete datagram into one new buffer.",
        "把完整数据报的各个分片复制到一个新的缓冲区。",
    ),
    ("Cuts a datagram into fragments that fit the link and sends them.", "把数据报切成链路容得下的分片并发送。"),
    (
        "Describes a fragment; an overlap is taken off its length, which may become negative.",
        "描述一个分片；重叠夺走的部分从它的长度中扣除，长度可能因此变为负数。",
    ),
    (
        "Finds the datagram a fragment belongs to, and stops its timer meanwhile.",
        "查找分片所属的数据报，同时暂停它的定时器。",
    ),
    ("Frees a queue and every fragment on it.", "释放一个队列及其上的每个分片。"),
    (
        "Gives up after 30 s without a missing fragment, and tells the sender if it can.",
        "30 秒内缺少的分片没有来：放弃，并在可能时通知发送者。",
    ),
    (
        "Opens a queue for a datagram whose first fragment has arrived, and starts its 30 s.",
        "为第一个分片已到的数据报建立队列，并启动它的 30 秒定时器。",
    ),
    (
        "Takes a fragment; gives the whole datagram back when this was the missing piece.",
        "接收一个分片；如果它正是缺少的那一片，就交回整个数据报。",
    ),
    (
        "Whether the fragments follow each other without a hole and the last one is known.",
        "判断各分片是否首尾相接没有空洞，且最后一片已知。",
    ),
    ("a fragment is ready to leave", "一个分片准备出发"),
    (
        "a later fragment is covered in part: it falls out of the list with all its data",
        "后面的一个分片被部分覆盖：它连同全部数据从链表中脱落",
    ),
    ("a later fragment is covered wholly: it is thrown away", "后面的一个分片被完全覆盖：扔掉它"),
    (
        "fragments are missing: time exceeded goes to the sender, if the first piece has come",
        "缺少分片：若第一片已到，就向发送者报告超时",
    ),
    (
        "ip_defrag removes the last fragment of its list and follows the null pointer behind it",
        "ip_defrag 取下链表里的最后一个分片，然后沿着它后面的空指针走下去",
    ),
    (
        "ip_glue copies a fragment of negative length: memcpy runs over the whole of memory",
        "ip_glue 复制一个长度为负的分片：memcpy 一路写过整个内存",
    ),
    (
        "it may not be cut, or the link is too narrow to cut it: the sender is told",
        "它不允许分片，或链路窄得无法分片：通知发送者",
    ),
    ("it overlaps the fragment before it: the older data wins", "它与前一个分片重叠：旧数据优先"),
    ("its datagram is known: the 30 s begin again", "它的数据报已知：30 秒重新开始"),
    ("nothing of this fragment is new; it joins the list all the same", "这个分片中没有任何新数据；它照样加入链表"),
    ("the datagram is whole again", "数据报又完整了"),
    ("the last fragment: the length of the datagram is known", "最后一个分片：数据报的长度已知"),
];
