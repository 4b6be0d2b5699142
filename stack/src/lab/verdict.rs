//! The judge of what packetdrill's language cannot say: assertions about the state of the stack (`//@ assert`), and,
//! where several hosts talk to each other, the results of their calls. A scene is played, and what it claims is held
//! against what the kernels say; nothing of a claim enters the run.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};

use crate::kernel::probe::{Event, Place, Probe};
use crate::kernel::{Completion, Kernel};
use crate::lab::caption::story;
use crate::lab::conformance::agreement::call_difference;
use crate::lab::conformance::calls::actual_call;
use crate::lab::conformance::{Difference, Failure, Reading, Subject, run_script};
use crate::lab::query::Expression;
use crate::lab::scene;
use crate::lab::script::Position;
use crate::lab::script::Script;
use crate::lab::script::annotation::Annotation;
use crate::lab::script::ast::{Call, Content, ScriptEvent};
use crate::lab::world::Host;
use crate::words::Words;

/// Turns that one scene is played at most.
const MOST_TURNS: usize = 1_000_000;
/// Assertions that one scene may make.
const MOST_ASSERTIONS: usize = 1000;
/// What stands before the expression on an assertion's line.
const BEFORE_EXPRESSION: u32 = 11;

/// Whether a scene has hosts of its own.
#[must_use]
pub fn has_hosts(script: &Script) -> bool {
    !hosts(script).is_empty()
}

/// Everything a scene claims that does not come true: assertions, and in a scene with several hosts results of calls.
///
/// # Errors
/// The scene cannot be played, or an assertion cannot be read.
pub fn judge(script: &Script, reading: Reading) -> Result<Vec<Difference>, Failure> {
    let mut differences = if has_hosts(script) { results(script)? } else { Vec::new() };
    differences.extend(assertions(script, reading)?);
    differences.sort_by_key(|difference| difference.position);
    Ok(differences)
}

/// The names of the hosts in order.
fn hosts(script: &Script) -> Vec<&str> {
    let name = |content| match content {
        &Content::Annotation(Annotation::Host(ref host)) => Some(host.name.as_str()),
        _ => None,
    };
    script.lines.iter().filter_map(|line| name(&line.content)).collect()
}

fn assertions(script: &Script, reading: Reading) -> Result<Vec<Difference>, Failure> {
    let mut differences = Vec::new();
    let mut count = 0;
    for (index, line) in script.lines.iter().enumerate() {
        let Content::Annotation(Annotation::Assert(text)) = &line.content else { continue };
        count += 1;
        if count > MOST_ASSERTIONS {
            return Err(Failure::new(
                line.position,
                format!("a scene may make {MOST_ASSERTIONS} assertions"),
                format!("一个场景最多有 {MOST_ASSERTIONS} 条断言"),
            ));
        }
        let expression = expression(script, line.position, text)?;
        // The moment of an assertion is the end of the scene that stops at its line.
        let lines = script.lines.iter().take(index).cloned().collect();
        let beginning = Script { options: script.options.clone(), lines, ..Script::default() };
        if !holds(&expression, &beginning, reading)? {
            differences.push(Difference {
                position: line.position,
                message: Words { en: "the assertion does not hold".to_owned(), zh: "断言不成立".to_owned() },
                script_line: Some(format!("//@ assert {text}")),
                actual_line: None,
                subject: Subject::Line,
            });
        }
    }
    Ok(differences)
}

fn expression(script: &Script, position: Position, text: &str) -> Result<Expression, Failure> {
    let at = |column: u32| Position { line: position.line, column: position.column + BEFORE_EXPRESSION + column - 1 };
    let refuse = |error: crate::lab::query::QueryError| Failure { position: at(error.column), message: error.message };
    let expression = Expression::parse(text).map_err(refuse)?;
    let names = hosts(script);
    if !names.is_empty() {
        expression.check_hosts(&names).map_err(refuse)?;
    }
    if expression.has_trend() {
        return Err(Failure::new(
            at(1),
            "an assertion is about one moment: increases, decreases and changes need two",
            "断言只针对一个时刻：increases、decreases 和 changes 需要两个时刻",
        ));
    }
    Ok(expression)
}

/// Whether an expression holds at the end of a scene.
fn holds(expression: &Expression, script: &Script, reading: Reading) -> Result<bool, Failure> {
    if !has_hosts(script) {
        return Ok(expression.holds(&run_script(script, reading)?.kernel));
    }
    let mut run = scene::load(script, 0)?;
    run.play(MOST_TURNS);
    Ok(expression.holds(run.head()))
}

/// A call line of a scene with several hosts.
struct Expected<'a> {
    position: Position,
    call: &'a Call,
}

/// The call lines of every process: host by number, process by id.
fn calls(script: &Script) -> BTreeMap<(usize, i32), VecDeque<Expected<'_>>> {
    let names = hosts(script);
    let mut out: BTreeMap<_, VecDeque<_>> = BTreeMap::new();
    let (mut host, mut process) = (0, 0);
    for line in &script.lines {
        match &line.content {
            Content::Annotation(Annotation::On(name)) => {
                host = names.iter().position(|known| known == name).unwrap_or(host);
            }
            Content::Annotation(Annotation::Process(number)) => process = *number,
            Content::Event(_, ScriptEvent::Call(call)) => {
                let pid = 100 + i32::try_from(std::mem::take(&mut process)).unwrap_or(0);
                out.entry((host, pid)).or_default().push_back(Expected { position: line.position, call });
            }
            _ => {}
        }
    }
    out
}

/// Results that differ from what the call lines of a scene with several hosts say.
fn results(script: &Script) -> Result<Vec<Difference>, Failure> {
    let mut expected = calls(script);
    let run = scene::load(script, 0)?;
    let mut world = run.head().clone();
    let mut differences = Vec::new();
    for _ in 0..MOST_TURNS {
        let Some(turn) = world.turn(&run.journal, |kernel| kernel.watch(Box::<Results>::default())) else { break };
        let Some(host) = turn.host else { continue };
        let watched = world.hosts.get_mut(host).and_then(|place| place.kernel.unwatch::<Results>());
        for (pid, completion) in watched.map(|results| results.0).unwrap_or_default() {
            let Some(line) = expected.get_mut(&(host, pid)).and_then(VecDeque::pop_front) else { continue };
            differences.extend(difference(&line, &actual_call(line.call, &completion)));
        }
    }
    let never = expected.into_values().flatten();
    let never: Vec<Difference> =
        never.filter_map(|line| difference(&line, &Call { outcome: None, ..line.call.clone() })).collect();
    // What a death left undone begins with it.
    if let Some(first) = never.iter().map(|difference| difference.position).min() {
        differences.extend(world.hosts.iter().filter_map(|host| death(host, first)));
    }
    differences.extend(never);
    Ok(differences)
}

/// How the kernel of a host died, if it did.
fn death(host: &Host, position: Position) -> Option<Difference> {
    let told = story(host.kernel.oops.as_ref()?);
    let message = Words {
        en: format!("the kernel of host {} died: {}", host.name, told.en),
        zh: format!("主机 {} 的内核崩溃：{}", host.name, told.zh),
    };
    Some(Difference::at(position, message))
}

fn difference(line: &Expected<'_>, actual: &Call) -> Option<Difference> {
    call_difference(line.call, actual).map(|message| Difference {
        position: line.position,
        message,
        script_line: Some(line.call.to_string()),
        actual_line: actual.outcome.as_ref().map(|_| actual.to_string()),
        subject: Subject::Line,
    })
}

/// The probe that keeps what came back to processes.
#[derive(Default)]
struct Results(Vec<(i32, Completion)>);

impl Probe for Results {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: Place) {
        let event = &event;
        if let Event::SyscallExit { task, name, ret, out } = event
            && let Some(process) = kernel.tasks.get(task.0 as usize)
        {
            self.0.push((process.pid, Completion { task: *task, name: *name, ret: *ret, out: out.clone() }));
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::script::parse;

    const TWO_HOSTS: &str = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n\
        //@ host B 10.0.0.2/8 02:00:00:00:00:02\n\
        //@ wire delay 5ms\n\
        //@ on B\n\
        +0 socket(..., SOCK_STREAM, 0) = 3\n\
        +0 bind(3, {sa_family = AF_INET, sin_port = htons(7), sin_addr = inet_addr(\"0.0.0.0\")}, 16) = 0\n\
        +0 listen(3, 5) = 0\n\
        //@ assert B.sock(2).state == LISTEN\n\
        +0 accept(3, ..., ...) = 4\n\
        //@ on A\n\
        +0.1 socket(..., SOCK_STREAM, 0) = 3\n\
        +0 connect(3, {sa_family = AF_INET, sin_port = htons(7), sin_addr = inet_addr(\"10.0.0.2\")}, 16) = 0\n\
        //@ assert A.sock(2).state == SYN_SENT\n\
        +1 write(3, ..., 100) = 100\n\
        //@ assert A.sock(2).state == ESTABLISHED\n\
        //@ on B\n\
        +1 read(4, ..., 1000) = 100\n";

    fn judged(text: &str) -> Vec<Difference> {
        judge(&parse(text).unwrap(), Reading::Packetdrill).unwrap()
    }

    #[test]
    fn a_conversation_of_two_hosts_is_judged_by_results_and_assertions() {
        assert_eq!(judged(TWO_HOSTS), []);
        let wrong = judged(&TWO_HOSTS.replace("read(4, ..., 1000) = 100", "read(4, ..., 1000) = 99"));
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].position.line, 17);
        assert!(wrong[0].message.en.contains("Expected result 99 but got 100"), "{wrong:?}");
        let wrong = judged(&TWO_HOSTS.replace("SYN_SENT", "SYN_RECV"));
        assert_eq!((wrong.len(), wrong[0].position.line), (1, 13));
    }

    #[test]
    fn a_call_that_never_returns_is_said_so() {
        let lost = judged(&TWO_HOSTS.replace("//@ wire delay 5ms", "//@ wire delay 5ms loss 1/1"));
        assert!(lost.iter().any(|difference| difference.message.en.contains("never returned")), "{lost:?}");
    }

    #[test]
    fn assertions_of_a_scene_with_one_host_are_judged_where_they_stand() {
        let text = "+0 socket(..., SOCK_STREAM, 0) = 3\n//@ assert host.sock(2).state == CLOSE\n\
                    +0 bind(3, ..., ...) = 0\n+0 listen(3, 5) = 0\n//@ assert host.sock(2).state == CLOSE\n";
        let wrong = judged(text);
        assert_eq!(wrong.iter().map(|difference| difference.position.line).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn what_is_no_assertion_is_refused_at_its_place() {
        let refused = |line: &str| judge(&parse(line).unwrap(), Reading::Packetdrill).unwrap_err();
        let error = refused("//@ assert host.sock(2).nothing == 1");
        assert!(error.position.column > 11, "{error:?}");
        assert!(refused("//@ assert host.jiffies increases").message.en.contains("one moment"));
        let unknown = refused("//@ host A 10.0.0.1/8 02:00:00:00:00:01\n//@ assert B.jiffies > 0");
        assert_eq!(unknown.position.line, 2);
    }
}
