//! A frame as a tree of nodes, each tied to its bytes, for a packet pane. Promises: every byte of the frame belongs to
//! exactly one leaf, ranges lie inside the frame and children inside their parents, and nothing panics or recurses
//! deeper than one quoted packet. Parts smaller than a byte are children with `bits`; the bytes stay their parent's.

mod carrier;
mod ip;
mod link;
mod message;
mod node;
mod transport;

pub use node::{Node, Warning, WarningKind};

/// A dissected frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dissection {
    /// Headers, payload and padding in the order of the wire.
    pub nodes: Vec<Node>,
}

/// Takes an Ethernet frame (without frame check sequence) apart.
pub fn dissect(frame: &[u8]) -> Dissection {
    Dissection { nodes: link::ethernet(frame) }
}

/// Takes an IP packet without a link header apart.
pub fn dissect_ip(packet: &[u8]) -> Dissection {
    Dissection { nodes: ip::ipv4(packet, 0..packet.len(), PacketPlace::Frame) }
}

/// Where a packet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PacketPlace {
    /// In the frame itself.
    Frame,
    /// In an ICMP error, which quotes the beginning only.
    Quote,
}

impl Dissection {
    /// The path (child numbers from the top) to the leaf that owns the byte; `None` past the end of the frame.
    pub fn node_at(&self, byte: usize) -> Option<Vec<usize>> {
        let mut path = Vec::new();
        let mut nodes = &self.nodes;
        while let Some(number) = nodes.iter().position(|node| node.bits.is_none() && node.bytes.contains(&byte)) {
            path.push(number);
            nodes = &nodes.get(number)?.children;
        }
        if path.is_empty() { None } else { Some(path) }
    }

    /// The node at a path.
    pub fn node(&self, path: &[usize]) -> Option<&Node> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.nodes.get(*first)?, |node, number| node.children.get(*number))
    }

    /// The path to the first node of this name, depth first: `find("ack_seq")`.
    pub fn find(&self, name: &str) -> Option<Vec<usize>> {
        self.rows().into_iter().find(|(_, node)| node.name == name).map(|(path, _)| path)
    }

    /// Every node with its path, parents before children: the rows of a fully opened tree.
    pub fn rows(&self) -> Vec<(Vec<usize>, &Node)> {
        let mut rows = Vec::new();
        node::collect_rows(&self.nodes, &[], &mut rows);
        rows
    }

    /// All warnings of the tree.
    pub fn warnings(&self) -> Vec<&Warning> {
        self.rows().into_iter().flat_map(|(_, node)| &node.warnings).collect()
    }
}
