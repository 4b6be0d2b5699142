//! System calls with their arguments, the interrupts that are planned inside them, and the frames of an interrupt.

use serde_json::{Value, json};
use stack::include::sched::{Arrival, PlannedInterrupt, Point};
use stack::kernel::call::{CallName, UserArg, UserCall};

use super::value::{
    LARGEST_BUFFER, LONGEST_FRAME, MOST_ARGUMENTS, MOST_IN_ONE, MOST_TICKS, at_most, bytes, hex, integer, list, name,
    number,
};

pub(super) fn call_value(call: &UserCall) -> Value {
    json!({ "name": call.name.name(), "args": call.args.iter().map(argument_value).collect::<Vec<_>>() })
}

pub(super) fn read_call(value: &Value) -> Option<UserCall> {
    let name = CallName::from_name(value.get("name")?.as_str()?)?;
    Some(UserCall::new(name, list(value.get("args")?, MOST_ARGUMENTS, read_argument)?))
}

fn argument_value(argument: &UserArg) -> Value {
    match argument {
        UserArg::Int(value) => json!({ "int": value }),
        UserArg::In(bytes) => json!({ "in": hex(bytes) }),
        UserArg::Out(length) => json!({ "out": length }),
        UserArg::InOut(bytes) => json!({ "inout": hex(bytes) }),
        UserArg::Null => json!(null),
    }
}

fn read_argument(value: &Value) -> Option<UserArg> {
    if value.is_null() {
        return Some(UserArg::Null);
    }
    let (kind, inner) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "int" => UserArg::Int(integer(inner)?),
        "in" => UserArg::In(bytes(inner, LARGEST_BUFFER)?),
        "out" => UserArg::Out(u32::try_from(at_most(inner, LARGEST_BUFFER)?).ok()?),
        "inout" => UserArg::InOut(bytes(inner, LARGEST_BUFFER)?),
        _ => return None,
    })
}

pub(super) fn planned_value(planned: &[PlannedInterrupt]) -> Value {
    let one = |planned: &PlannedInterrupt| {
        let arrival = match &planned.arrival {
            Arrival::Net(frames) => json!({ "frames": frames_value(frames) }),
            Arrival::Timer(ticks) => json!({ "ticks": ticks }),
        };
        json!({ "point": planned.point.name(), "function": planned.function, "nth": planned.nth, "arrival": arrival })
    };
    planned.iter().map(one).collect()
}

pub(super) fn read_planned(value: &Value) -> Option<Vec<PlannedInterrupt>> {
    list(value, MOST_IN_ONE, read_interrupt)
}

fn read_interrupt(value: &Value) -> Option<PlannedInterrupt> {
    let arrival = value.get("arrival")?;
    let arrival = match arrival.get("frames") {
        Some(frames) => Arrival::Net(read_frames(frames)?),
        None => Arrival::Timer(at_most(arrival.get("ticks")?, MOST_TICKS)?),
    };
    let function = value.get("function")?;
    let function = if function.is_null() { None } else { Some(name(function)?) };
    Some(PlannedInterrupt {
        point: Point::from_name(value.get("point")?.as_str()?)?,
        function,
        nth: number(value.get("nth")?)?,
        arrival,
        seen: 0,
        done: false,
    })
}

pub(super) fn frames_value(frames: &[(u8, Vec<u8>)]) -> Value {
    frames.iter().map(|(device, bytes)| json!([device, hex(bytes)])).collect()
}

pub(super) fn read_frames(value: &Value) -> Option<Vec<(u8, Vec<u8>)>> {
    list(value, MOST_IN_ONE, |frame| Some((number(frame.get(0)?)?, bytes(frame.get(1)?, LONGEST_FRAME)?)))
}
