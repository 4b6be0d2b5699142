//! The words of the scripts against the octets recorded beside them, without the stack: every inbound line must build
//! the frame that was recorded, every outbound frame must read as the line that was written.

use std::path::Path;

use sockscope::scenario::find::scenes;
use sockscope::scenario::record;
use stack::lab::conformance::flow::{Flow, Flows};
use stack::lab::conformance::host::ScriptHost;
use stack::lab::conformance::inbound;
use stack::lab::conformance::outbound::{Described, describe};
use stack::lab::script::ast::{Content, Packet, PacketDirection, ScriptEvent};
use stack::lab::script::{Script, parse};
use stack::wire::ethernet::EthernetFrame;
use stack::wire::ipv4::Ipv4Packet;
use stack::wire::tcp;

fn packets(script: &Script) -> Vec<&Packet> {
    let packet = |content| match content {
        &Content::Event(_, ScriptEvent::Packet(ref packet)) => Some(packet),
        _ => None,
    };
    script.lines.iter().filter_map(|line| packet(&line.content)).collect()
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
        let packets = packets(&script);
        assert_eq!(packets.len(), frames.len(), "{}", scene.name);
        for (packet, frame) in packets.into_iter().zip(&frames) {
            assert_eq!(packet.direction == PacketDirection::Outbound, frame.outbound, "{}", scene.name);
            if frame.outbound {
                assert_eq!(
                    describe(&mut flows, &frame.bytes),
                    Described::Packet(packet.clone()),
                    "{}: {packet}",
                    scene.name
                );
            } else {
                identification += 1;
                let built = inbound::frame(&host, &flows, packet, identification).unwrap();
                assert_eq!(built, frame.bytes, "{}: {packet}", scene.name);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 1957, "packet lines are missing");
}
