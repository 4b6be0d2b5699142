//! What happened in a run, a line for each packet and each call in their order, in the words in which packetdrill's `--verbose`
//! tells of packets. Promise: times are those of the run, to the microsecond where somebody outside acted, to the tick where
//! the kernel did.

use super::checks::seconds;
use super::fields::dump;
use super::run::Run;
use crate::lab::script::annotation::Annotation;
use crate::lab::script::ast::{Content, PacketDirection, ScriptEvent};

/// The lines; none for a frame scenario.
#[must_use]
pub fn happened(run: &Run) -> Vec<String> {
    let mut out = Vec::new();
    let mut process = 0;
    for (line, (start, end)) in run.script.lines.iter().zip(&run.moments) {
        match &line.content {
            Content::Annotation(Annotation::Process(number)) => process = *number,
            Content::Event(_, ScriptEvent::Packet(packet)) => {
                let way = match packet.direction {
                    PacketDirection::Inbound => "inbound injected packet",
                    PacketDirection::Outbound => "outbound sniffed packet",
                };
                out.push(format!("{way}: {}", dump(*start, packet)));
            }
            Content::Event(_, ScriptEvent::Call(call)) => {
                let by = match std::mem::take(&mut process) {
                    0 => String::new(),
                    number => format!(" (process {number})"),
                };
                let until = end.map(|end| format!("...{}", seconds(end))).unwrap_or_default();
                out.push(format!("system call: {:>9}{until} {call}{by}", seconds(*start)));
            }
            Content::Annotation(_) | Content::Event(_, ScriptEvent::Command(_) | ScriptEvent::Code(_)) => {}
        }
    }
    out
}
