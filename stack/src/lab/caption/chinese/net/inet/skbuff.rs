//! Chinese of the sentences of `net/inet/skbuff.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("A driver lets go of a buffer.", "驱动程序放开缓冲区。"),
    ("A driver takes hold of a buffer: it cannot be freed under it.", "驱动程序占住缓冲区：不能在它手中被释放。"),
    ("Copies a buffer, data and all; the copy belongs to nobody.", "复制一个缓冲区，连同数据；副本不属于任何人。"),
    (
        "Gives a buffer up: its memory goes back to the sock that was charged for it.",
        "放弃一个缓冲区：内存归还给为它记账的 sock。",
    ),
    ("Makes a buffer with room for size bytes.", "创建一个能容纳 size 个字节的缓冲区。"),
    ("Puts a buffer at the head of a list.", "把缓冲区放到链表之首。"),
    ("Puts a buffer at the tail of a list.", "把缓冲区放到链表之尾。"),
    ("Puts a buffer right before another one.", "把缓冲区放在另一个的紧前面。"),
    ("Puts a buffer right behind another one.", "把缓冲区紧接在另一个之后。"),
    ("Returns a buffer's memory and takes it out of the counts.", "归还缓冲区的内存，并从计数中扣除。"),
    ("Takes a buffer off whatever list it stands on.", "把缓冲区从它所在的链表上取下，不论是哪个链表。"),
    ("Takes the first buffer of a list.", "取出链表的第一个缓冲区。"),
    (
        "Unlocks a buffer that the driver is done with, and frees it unless it is kept.",
        "解锁驱动程序用完的缓冲区；除非要保留，否则释放它。",
    ),
    ("a buffer was put beside one that stands on no list", "缓冲区被插到一个不在任何链表上的缓冲区旁边"),
    (
        "a driver still holds the buffer: it is marked, and freed when the driver unlocks it",
        "驱动程序还占着缓冲区：先做标记，等驱动程序解锁时释放",
    ),
    (
        "the frame is out and nobody waits for an answer to it: the buffer is freed now",
        "帧已发出，没有人等待对它的回答：现在就释放缓冲区",
    ),
    (
        "the frame is out, but the buffer stays: it may have to be sent again",
        "帧已发出，但缓冲区留下：也许还要再发一次",
    ),
];
