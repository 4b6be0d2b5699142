//! The words of the scripts against the octets recorded beside them, without the stack: every inbound line must build
//! the frame that was recorded, every outbound frame must read as the line that was written.

use std::net::Ipv4Addr;
use std::path::Path;

use sockscope::scenario::find::scenes;
use sockscope::scenario::record;
use stack::lab::conformance::flow::{Flow, Flows};
use stack::lab::conformance::host::ScriptHost;
use stack::lab::conformance::inbound;
use stack::lab::conformance::outbound::{Described, describe};
use stack::lab::script::annotation::Annotation;
use stack::lab::script::ast::{Body, Content, Packet, PacketDirection, ScriptEvent, Segment};
use stack::lab::script::{Script, parse};
use stack::wire::ethernet::EthernetFrame;
use stack::wire::ipv4::Ipv4Packet;
use stack::wire::tcp;

/// A line of a script that is about one frame.
enum FrameLine<'a> {
    Packet(&'a Packet),
    ArpOut(&'a str),
    ArpRequest(Ipv4Addr, Option<Ipv4Addr>),
}

impl FrameLine<'_> {
    fn is_outbound(&self) -> bool {
        match self {
            Self::Packet(packet) => packet.direction == PacketDirection::Outbound,
            Self::ArpOut(_) => true,
            Self::ArpRequest(..) => false,
        }
    }
}

fn frame_lines(script: &Script) -> Vec<FrameLine<'_>> {
    script.lines.iter().filter_map(|line| frame_line(&line.content)).collect()
}

fn frame_line(content: &Content) -> Option<FrameLine<'_>> {
    match content {
        Content::Event(_, ScriptEvent::Packet(packet)) => Some(FrameLine::Packet(packet)),
        Content::Annotation(Annotation::ArpOut(words)) => Some(FrameLine::ArpOut(words)),
        Content::Annotation(Annotation::ArpRequest { sender, target }) => Some(FrameLine::ArpRequest(*sender, *target)),
        _ => None,
    }
}

/// The words for an outbound frame, with what the line writes out although it goes without saying: the ports of the flow,
/// and addresses, which are read from the frame.
fn spelled_out(said: Described, written: &Packet, flow: Flow, frame: &[u8]) -> Described {
    let Described::Packet(mut packet) = said else { return said };
    if let (Body::Tcp(segment), Body::Tcp(Segment { ports: Some(ports), .. })) = (&mut packet.body, &written.body)
        && *ports == flow.ports_out()
    {
        segment.ports = Some(*ports);
    }
    if written.addresses.is_some() {
        let ip = Ipv4Packet::new_checked(EthernetFrame::new_checked(frame).unwrap().payload()).unwrap();
        packet.addresses = Some((ip.saddr(), ip.daddr()));
    }
    Described::Packet(packet)
}

/// A script that connects before it listens or is sent anything is a client; its flow is that of the first SYN.
fn default_flow(host: &ScriptHost, script: &Script, frames: &[stack::lab::conformance::WireFrame]) -> Flow {
    for line in &script.lines {
        match &line.content {
            Content::Event(_, ScriptEvent::Call(call)) if call.name == "listen" => return host.server_flow(),
            Content::Event(_, ScriptEvent::Call(call)) if call.name == "connect" => {
                let first = frames.iter().find(|frame| frame.outbound);
                return first.and_then(|frame| syn_flow(&frame.bytes)).unwrap_or(host.server_flow());
            }
            Content::Event(_, ScriptEvent::Packet(packet)) if packet.direction == PacketDirection::Inbound => {
                return host.server_flow();
            }
            _ => {}
        }
    }
    host.server_flow()
}

fn syn_flow(frame: &[u8]) -> Option<Flow> {
    let ip = Ipv4Packet::new_checked(EthernetFrame::new_checked(frame).ok()?.payload()).ok()?;
    let (local, remote) = tcp::ports(ip.payload())?;
    Some(Flow { local, remote })
}

#[test]
fn lines_and_recorded_frames_say_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let mut compared = 0;
    for scene in scenes(&[root]).unwrap() {
        if scene.path.extension().is_some_and(|extension| extension == "json") {
            continue;
        }
        let script = parse(&std::fs::read_to_string(&scene.path).unwrap()).unwrap();
        let frames = record::frames(&scene.path, "wire.pcapng").unwrap().unwrap();
        let host = ScriptHost::of(&script).unwrap();
        let mut flows = Flows::new(default_flow(&host, &script, &frames));
        let mut identification = 0;
        let lines = frame_lines(&script);
        assert_eq!(lines.len(), frames.len(), "{}", scene.name);
        for (line, frame) in lines.into_iter().zip(&frames) {
            assert_eq!(line.is_outbound(), frame.outbound, "{}", scene.name);
            let packet = match line {
                FrameLine::Packet(packet) => packet,
                FrameLine::ArpOut(words) => {
                    assert_eq!(
                        describe(&mut flows, &frame.bytes, 0),
                        Described::Arp(words.to_owned()),
                        "{}",
                        scene.name
                    );
                    continue;
                }
                FrameLine::ArpRequest(sender, target) => {
                    assert_eq!(inbound::arp_request(&host, sender, target), frame.bytes, "{}", scene.name);
                    continue;
                }
            };
            if frame.outbound {
                let said = describe(&mut flows, &frame.bytes, 0);
                let said = spelled_out(said, packet, flows.default, &frame.bytes);
                assert_eq!(said, Described::Packet(packet.clone()), "{}: {packet}", scene.name);
            } else {
                identification += 1;
                let built = inbound::frame(&host, &flows, packet, identification).unwrap();
                assert_eq!(built, frame.bytes, "{}: {packet}", scene.name);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 1971, "packet lines are missing");
}
