//! The call lines of the scripts against the recorded events, without the stack: the integers that C passes, the
//! buffers it gets, and the line printed from what came back.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use sockscope::scenario::find::scenes;
use sockscope::scenario::record;
use stack::include::sched::TaskId;
use stack::kernel::Completion;
use stack::kernel::call::CallName;
use stack::lab::conformance::Reading;
use stack::lab::conformance::calls::{actual_call, user_call};
use stack::lab::conformance::host::ScriptHost;
use stack::lab::conformance::timeline::{Action, timeline};
use stack::lab::conformance::trace::{Record, Value};
use stack::lab::script::{hexadecimal, parse};

fn number(record: &Record, key: &str) -> i64 {
    let found = record.fields.iter().find(|(known, _)| known == key);
    match found {
        Some((_, Value::Number(number))) => *number,
        _ => panic!("{record} has no number {key}"),
    }
}

fn text(record: &Record, key: &str) -> String {
    let found = record.fields.iter().find(|(known, _)| known == key);
    match found {
        Some((_, Value::Text(text))) => text.to_string(),
        _ => panic!("{record} has no text {key}"),
    }
}

fn buffers(record: &Record) -> Vec<Vec<u8>> {
    match record.fields.iter().find(|(known, _)| known == "out") {
        Some((_, Value::List(list))) => list.iter().map(|text| hexadecimal(text).unwrap()).collect(),
        _ => panic!("{record} has no buffers"),
    }
}

/// Calls of each process in order: enter and exit.
fn recorded(records: Vec<(usize, Record)>) -> BTreeMap<i64, VecDeque<(Record, Option<Record>)>> {
    let mut out: BTreeMap<i64, VecDeque<(Record, Option<Record>)>> = BTreeMap::new();
    for (_, record) in records {
        if record.kind == "syscall_enter" {
            out.entry(number(&record, "pid")).or_default().push_back((record, None));
        } else if record.kind == "syscall_exit" {
            let pid = number(&record, "pid");
            out.get_mut(&pid).unwrap().back_mut().unwrap().1 = Some(record);
        }
    }
    out
}

#[test]
fn calls_are_passed_and_printed_as_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let mut compared = 0;
    for scene in scenes(&[root]).unwrap() {
        if scene.path.extension().is_some_and(|extension| extension == "json") {
            continue;
        }
        let script = parse(&std::fs::read_to_string(&scene.path).unwrap()).unwrap();
        let host = ScriptHost::of(&script).unwrap();
        let mut calls = recorded(record::trace(&scene.path).unwrap().unwrap());
        for step in timeline(&script, Reading::Recorded).unwrap() {
            let Action::Call { process, call, .. } = &step.action else { continue };
            let (enter, exit) = calls.get_mut(&(100 + i64::from(*process))).unwrap().pop_front().unwrap();
            let passed = user_call(&host, call, step.position).unwrap();
            let prepared = passed.prepare();
            let keys: Vec<(String, i64)> =
                prepared.integers.iter().map(|(place, value)| (format!("a{place}"), i64::from(*value))).collect();
            let wanted: Vec<(String, i64)> = enter
                .fields
                .iter()
                .filter(|(key, _)| key.starts_with('a'))
                .map(|(key, _)| (key.to_string(), number(&enter, key)))
                .collect();
            assert_eq!(keys, wanted, "{}: {call}", scene.name);
            let exit = exit.unwrap();
            let out = buffers(&exit);
            let lengths: Vec<u32> = prepared.outputs.iter().map(|(_, length)| *length).collect();
            assert_eq!(
                lengths,
                out.iter().map(|buffer| buffer.len() as u32).collect::<Vec<_>>(),
                "{}: {call}",
                scene.name
            );
            let name = CallName::from_name(&text(&exit, "name")).unwrap();
            let completion = Completion { task: TaskId(1), name, ret: number(&exit, "ret") as i32, out };
            assert_eq!(actual_call(call, &completion).to_string(), call.to_string(), "{}", scene.name);
            compared += 1;
        }
    }
    assert_eq!(compared, 1281, "call lines are missing");
}
