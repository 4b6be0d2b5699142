//! Runs a frame scenario: frames and raw calls at their jiffies.

use super::failure::Failure;
use super::host::Host;
use super::run::{Driver, Run, check_time};
use crate::Input;
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::lab::script::Script;
use crate::lab::script::ast::Position;
use crate::lab::script::frame_scenario::{FrameAction, FrameScenario, RawArgument, RawCall};

/// Run a frame scenario from boot to its end.
///
/// # Errors
/// A device or a call that does not exist.
pub fn run_frames(scenario: &FrameScenario) -> Result<Run, Failure> {
    let config = Host::frame_configuration(&scenario.configuration);
    let mut driver = Driver::new(config, false);
    let nowhere = Position::default();
    let mut events: Vec<_> = scenario.events.iter().collect();
    // Stable: events of equal time keep the order of the file.
    events.sort_by_key(|event| event.jiffy);
    for event in events.into_iter().filter(|event| event.jiffy <= scenario.end) {
        check_time(event.jiffy, nowhere)?;
        driver.advance(event.jiffy);
        let input = input(&driver, &event.action)?;
        driver.give(&input);
        driver.drain();
    }
    check_time(scenario.end, nowhere)?;
    driver.advance(scenario.end);
    Ok(driver.finish(Script::default(), Vec::new(), Vec::new()))
}

fn input(driver: &Driver, action: &FrameAction) -> Result<Input, Failure> {
    Ok(match action {
        FrameAction::Receive { device, frames } => {
            let index = driver.kernel.dev.iter().position(|known| known.name == *device);
            let Some(index) = index.and_then(|index| u8::try_from(index).ok()) else {
                return Err(Failure::argument(Position::default(), "rx", device));
            };
            Input::Frames(frames.iter().map(|frame| (index, frame.clone())).collect())
        }
        FrameAction::Call(call) => Input::Call { task: driver.process(0), call: user_call(call)?, planned: Vec::new() },
        FrameAction::Ioctl { command, structure } => driver.configure(*command as i32, structure.clone()),
    })
}

fn user_call(call: &RawCall) -> Result<UserCall, Failure> {
    let Some(name) = CallName::from_name(&call.name) else {
        return Err(Failure::argument(Position::default(), "sys", &call.name));
    };
    let args = call.arguments.iter().map(|argument| match argument {
        RawArgument::Integer(value) => UserArg::Int(*value as i32),
        RawArgument::Input(octets) => UserArg::In(octets.clone()),
        RawArgument::Output(length) => UserArg::Out(*length),
        RawArgument::Both(octets) => UserArg::InOut(octets.clone()),
        RawArgument::Null => UserArg::Null,
    });
    Ok(UserCall::new(name, args.collect()))
}
