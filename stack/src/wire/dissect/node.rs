//! The nodes of a dissection and how they are made from the field tables.

use core::ops::Range;

use crate::wire::field::{Field, Header, hexadecimal};
use crate::wire::option_list::{OptionList, RawOption};
use crate::wire::visible;
use crate::words::Words;

/// One row of a packet pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it means, in both languages.
    pub label: Words,
    /// Its name in the C struct: `h_dest`, `tot_len`; `payload`, `padding`, `quoted`, `truncated` for what has none.
    pub name: &'static str,
    /// Its value, the same in every language; safe to be shown.
    pub value: String,
    /// What the value means, where words help: the name of an ICMP code, whether a checksum is right.
    pub meaning: Option<Words>,
    /// Its bytes in the frame.
    pub bytes: Range<usize>,
    /// For a part smaller than its bytes: its bits, counted from the most significant bit of `bytes.start`.
    pub bits: Option<Range<usize>>,
    /// What it is made of.
    pub children: Vec<Node>,
    /// What is wrong with it.
    pub warnings: Vec<Warning>,
}

/// Something wrong with a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What.
    pub kind: WarningKind,
    /// Numbers, the same in every language: `0x1c46 ≠ 0x1c47`.
    pub detail: String,
}

/// What can be wrong with a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningKind {
    /// The frame ends before the header does.
    Truncated,
    /// The checksum is not that of the bytes.
    ChecksumWrong,
    /// The checksum is that of the pseudo header alone: the sender left the rest to its network card, and the frame was
    /// captured before the card had done it.
    ChecksumOffloaded,
    /// The version is not 4.
    VersionUnknown,
    /// A header length below the least, or past the end.
    HeaderLengthWrong,
    /// A length field below its own header.
    LengthTooSmall,
    /// A length field that tells of more than is there.
    LengthTooLarge,
    /// An option whose length is missing, below 2, past the header, or not that of its kind.
    OptionBroken,
}

impl WarningKind {
    /// The warning in words.
    pub fn words(self) -> Words {
        match self {
            Self::Truncated => Words::new("the frame ends before the header does", "帧在首部结束之前就结束了"),
            Self::ChecksumWrong => Words::new("wrong checksum", "校验和错误"),
            Self::ChecksumOffloaded => Words::new(
                "left to the network card, captured before it was computed",
                "校验和留给网卡计算，抓包时尚未算出",
            ),
            Self::VersionUnknown => Words::new("not version 4", "版本不是 4"),
            Self::HeaderLengthWrong => Words::new("wrong header length", "首部长度错误"),
            Self::LengthTooSmall => Words::new("length smaller than the header", "长度小于首部"),
            Self::LengthTooLarge => Words::new("length larger than what is there", "长度大于实际数据"),
            Self::OptionBroken => Words::new("broken option", "选项格式错误"),
        }
    }
}

pub(super) const PAYLOAD: Words = Words::new("Payload", "数据 payload");
pub(super) const RIGHT: Words = Words::new("right", "正确");
pub(super) const WRONG: Words = Words::new("wrong", "错误");
pub(super) const NOT_CHECKED: Words = Words::new("cannot be checked: not all bytes are here", "无法验证:数据不完整");
const OPTIONS: Words = Words::new("Options", "选项 options");
const AFTER_END: Words = Words::new("After the end of options", "选项结束之后的填充");
const TRUNCATED: Words = Words::new("Cut off", "被截断的首部");
const KIND: Words = Words::new("Kind", "类型 kind");
const LENGTH: Words = Words::new("Length", "长度 length");
const DATA: Words = Words::new("Data", "内容 data");

/// Longest preview of raw bytes in a value.
const PREVIEW: usize = 32;

impl Node {
    /// A node without children.
    pub(super) fn leaf(name: &'static str, label: Words, value: String, bytes: Range<usize>) -> Self {
        Self { label, name, value, meaning: None, bytes, bits: None, children: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn warn(&mut self, kind: WarningKind, detail: String) {
        self.warnings.push(Warning { kind, detail });
    }

    /// Gives the warning to the child or part of this name, or to the node itself where that is missing.
    pub(super) fn warn_at(&mut self, name: &str, kind: WarningKind, detail: String) {
        match self.descendant_mut(name) {
            Some(node) => node.warn(kind, detail),
            None => self.warn(kind, detail),
        }
    }

    pub(super) fn descendant_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.children.iter_mut().find_map(
            |child| {
                if child.name == name { Some(child) } else { child.descendant_mut(name) }
            },
        )
    }

    /// Says at a checksum field whether it is right: `correct` is what it should be, `None` if that cannot be known.
    pub(super) fn judge_checksum(&mut self, name: &str, carried: u16, correct: Option<u16>) {
        let meaning = match correct {
            None => NOT_CHECKED,
            Some(correct) if correct == carried => RIGHT,
            Some(_) => WRONG,
        };
        if let Some(node) = self.descendant_mut(name) {
            node.meaning = Some(meaning);
        }
        if let Some(correct) = correct.filter(|correct| *correct != carried) {
            self.warn_at(name, WarningKind::ChecksumWrong, format!("0x{carried:04x} ≠ 0x{correct:04x}"));
        }
    }
}

/// The bytes of a range, empty where it lies outside.
pub(super) fn slice(frame: &[u8], range: Range<usize>) -> &[u8] {
    frame.get(range).unwrap_or(&[])
}

/// A leaf of raw bytes with a preview of them, or nothing for an empty range.
pub(super) fn raw(frame: &[u8], name: &'static str, label: Words, range: Range<usize>) -> Option<Node> {
    if range.is_empty() {
        return None;
    }
    let bytes = slice(frame, range.clone());
    let preview = visible::ascii(bytes.get(..PREVIEW).unwrap_or(bytes));
    let more = if bytes.len() > PREVIEW { "…" } else { "" };
    Some(Node::leaf(name, label, format!("{} B  {preview}{more}", bytes.len()), range))
}

/// A leaf of raw bytes in hexadecimal, or nothing for an empty range.
pub(super) fn hex(frame: &[u8], name: &'static str, label: Words, range: Range<usize>) -> Option<Node> {
    if range.is_empty() {
        return None;
    }
    let bytes = slice(frame, range.clone());
    let more = if bytes.len() > PREVIEW { "…" } else { "" };
    let value = hexadecimal(bytes.get(..PREVIEW).unwrap_or(bytes)) + more;
    Some(Node::leaf(name, label, value, range))
}

/// The fixed part of a header from its table, as far as `range` reaches; what is left of a cut header becomes one leaf.
pub(super) fn header(frame: &[u8], table: &Header, range: Range<usize>, place: super::PacketPlace) -> Node {
    let end = range.end.min(range.start + table.length);
    let mut node = Node::leaf(table.name, table.label, String::new(), range.start..end);
    let bytes = slice(frame, node.bytes.clone());
    node.children = table.fields.iter().filter_map(|field| field_node(field, bytes, range.start)).collect();
    let covered = node.children.last().map_or(range.start, |last| last.bytes.end);
    node.children.extend(hex(frame, "truncated", TRUNCATED, covered..end));
    if bytes.len() < table.length && place == super::PacketPlace::Frame {
        node.warn(WarningKind::Truncated, format!("{} < {}", bytes.len(), table.length));
    }
    node
}

fn field_node(field: &Field, bytes: &[u8], base: usize) -> Option<Node> {
    let within = field.bytes();
    let mut node = Node::leaf(field.name, field.label, field.show(bytes)?, base + within.start..base + within.end);
    for part in field.parts {
        let place = part.bytes();
        let range = base + place.start..base + place.end;
        let mut child = Node::leaf(part.name, part.label, part.show(bytes)?, range);
        child.bits = Some(part.bits.start - place.start * 8..part.bits.end - place.start * 8);
        node.children.push(child);
    }
    Some(node)
}

/// How one protocol names and shows its options.
pub(super) struct OptionStyle {
    /// Symbol and meaning of a kind.
    pub(super) label: fn(u8) -> (&'static str, Words),
    /// The value, and whether the length fits the kind.
    pub(super) value: fn(&RawOption<'_>) -> (String, bool),
}

/// The option area as a node with one child per option, or nothing for an empty area.
pub(super) fn options(frame: &[u8], area: Range<usize>, style: &OptionStyle) -> Option<Node> {
    let mut node = hex(frame, "options", OPTIONS, area.clone())?;
    let list = slice(frame, area.clone());
    for option in OptionList::new(list) {
        node.children.push(option_node(frame, &option, area.start, style));
    }
    let covered = node.children.last().map_or(area.start, |last| last.bytes.end);
    node.children.extend(hex(frame, "padding", AFTER_END, covered..area.end));
    Some(node)
}

fn option_node(frame: &[u8], option: &RawOption<'_>, base: usize, style: &OptionStyle) -> Node {
    let (name, label) = (style.label)(option.kind);
    let (value, fits) = (style.value)(option);
    let range = base + option.range.start..base + option.range.end;
    let mut node = Node::leaf(name, label, value, range.clone());
    if !fits || option.broken {
        node.warn(WarningKind::OptionBroken, option.kind.to_string());
    }
    if range.len() > 1 {
        let [kind, length, data] = [range.start, range.start + 1, range.start + 2];
        node.children.push(Node::leaf("kind", KIND, option.kind.to_string(), kind..length));
        let told = frame.get(length).map_or_else(String::new, u8::to_string);
        node.children.push(Node::leaf("length", LENGTH, told, length..data));
        node.children.extend(hex(frame, "data", DATA, data..range.end));
    }
    node
}

pub(super) fn collect_rows<'a>(nodes: &'a [Node], above: &[usize], rows: &mut Vec<(Vec<usize>, &'a Node)>) {
    for (number, node) in nodes.iter().enumerate() {
        let mut path = above.to_vec();
        path.push(number);
        rows.push((path.clone(), node));
        collect_rows(&node.children, &path, rows);
    }
}
