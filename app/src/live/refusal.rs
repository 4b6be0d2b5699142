//! The sentences of live mode: what is missing, where, and what to do about it, in English and in Chinese.
//! Promise: one refusal is one message that a person can act on, and it always says what works without privileges.

use std::io;

use crate::i18n::Words;
use crate::link::attach::TUN_PATH;
use crate::link::device_name::{LONGEST_NAME, NameError};
pub use crate::refusal::Refusal;
use crate::refusal::{EXIT_PRIVILEGE, harmless};

/// The way out that is always there.
const WITHOUT: Words = Words::new("`sockscope lab` needs none of this.", "`sockscope lab` 不需要这些权限。");

impl Refusal {
    fn missing(en: &str, zh: &str) -> Self {
        let words = Words::new(format!("{en} {}", WITHOUT.en), format!("{zh}{}", WITHOUT.zh));
        Self { words, exit_code: EXIT_PRIVILEGE }
    }

    /// The device node could not be opened, or would not become a TAP device.
    #[must_use]
    pub fn tun(error: &io::Error) -> Self {
        match error.raw_os_error() {
            Some(libc::ENOENT) => Self::missing(
                &format!(
                    "{TUN_PATH} does not exist: load the module with `sudo modprobe tun` (in a container, pass the device in with `--device {TUN_PATH}`)."
                ),
                &format!(
                    "{TUN_PATH} 不存在：请用 `sudo modprobe tun` 加载模块（在容器里用 `--device {TUN_PATH}` 传入设备）。"
                ),
            ),
            Some(libc::EACCES) => Self::missing(
                &format!(
                    "{TUN_PATH} may not be opened by this user: ask the administrator for `chmod 666 {TUN_PATH}` (the usual mode), or run as root."
                ),
                &format!(
                    "当前用户无权打开 {TUN_PATH}：请管理员执行 `chmod 666 {TUN_PATH}`（通常的权限），或以 root 运行。"
                ),
            ),
            Some(libc::ENODEV | libc::ENXIO) => Self::missing(
                &format!(
                    "{TUN_PATH} is there, but this kernel has no TUN/TAP driver (CONFIG_TUN): load it with `sudo modprobe tun` or use another kernel."
                ),
                &format!(
                    "{TUN_PATH} 存在，但内核没有 TUN/TAP 驱动（CONFIG_TUN）：请用 `sudo modprobe tun` 加载，或换一个内核。"
                ),
            ),
            Some(libc::EPERM) => Self::missing(
                "making a TAP device was not permitted (no CAP_NET_ADMIN): leave out --tap to use the private namespace, or have the device prepared with `sudo ip tuntap add dev NAME mode tap user $USER`.",
                "没有创建 TAP 设备的权限（缺少 CAP_NET_ADMIN）：去掉 --tap 使用私有命名空间，或请管理员执行 `sudo ip tuntap add dev NAME mode tap user $USER`。",
            ),
            Some(libc::EBUSY) => Self::missing(
                "the TAP device is in use by another program: stop that program or choose another --tap name.",
                "这个 TAP 设备正被另一个程序使用：请先停止那个程序，或用 --tap 选择另一个名字。",
            ),
            _ => Self::missing(
                &format!("{TUN_PATH} would not give a TAP device: {error}."),
                &format!("{TUN_PATH} 没有给出 TAP 设备：{error}。"),
            ),
        }
    }

    /// The device went away under a running session.
    #[must_use]
    pub fn device_gone(error: &io::Error) -> Self {
        Self::missing(
            &format!("the TAP device is gone ({error}): somebody removed it; start the session again."),
            &format!("TAP 设备消失了（{error}）：它被移除了；请重新开始会话。"),
        )
    }

    /// The name given with `--tap` cannot be a device.
    #[must_use]
    pub fn device_name(name: &str, fault: NameError) -> Self {
        let shown = harmless(name);
        let (en, zh) = match fault {
            NameError::Empty => ("is empty".to_owned(), "是空的".to_owned()),
            NameError::TooLong => (
                format!("is {} bytes long, and a device name has at most {LONGEST_NAME}", name.len()),
                format!("有 {} 个字节，而设备名最多 {LONGEST_NAME} 个", name.len()),
            ),
            NameError::Character => {
                ("contains a character that a device name cannot have".to_owned(), "含有设备名不允许的字符".to_owned())
            }
        };
        Self::usage(
            format!("--tap \"{shown}\" {en}: give a short name such as `--tap tap0`."),
            format!("--tap “{shown}” {zh}：请给一个短名字，例如 `--tap tap0`。"),
        )
    }

    /// The private user and network namespaces could not be made.
    #[must_use]
    pub fn namespaces(error: &io::Error) -> Self {
        if restricted_by_apparmor() {
            return Self::missing(
                "the private network namespace is forbidden here by AppArmor (kernel.apparmor_restrict_unprivileged_userns = 1): run as root, or `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`.",
                "AppArmor 禁止了私有网络命名空间（kernel.apparmor_restrict_unprivileged_userns = 1）：请以 root 运行，或执行 `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`。",
            );
        }
        match error.raw_os_error() {
            Some(libc::ENOSPC | libc::EUSERS) => Self::missing(
                "no further user namespace may be made (user.max_user_namespaces is used up or 0): raise it with `sudo sysctl user.max_user_namespaces=1000`, or run as root with --tap NAME.",
                "不能再创建用户命名空间（user.max_user_namespaces 已用完或为 0）：请用 `sudo sysctl user.max_user_namespaces=1000` 调高，或以 root 运行并加上 --tap NAME。",
            ),
            Some(libc::EINVAL | libc::ENOSYS) => Self::missing(
                "this kernel has no user or network namespaces: run as root with --tap NAME.",
                "这个内核没有用户或网络命名空间：请以 root 运行并加上 --tap NAME。",
            ),
            _ => Self::missing(
                &format!(
                    "a private user and network namespace was not permitted ({error}): a container or sysctl (kernel.unprivileged_userns_clone) forbids it; allow it, or run as root with --tap NAME."
                ),
                &format!(
                    "不允许创建私有的用户和网络命名空间（{error}）：容器或 sysctl（kernel.unprivileged_userns_clone）禁止了它；请放开限制，或以 root 运行并加上 --tap NAME。"
                ),
            ),
        }
    }

    /// A step between the namespace and a ready device failed; `what` names the file or device.
    #[must_use]
    pub fn setting_up(what: &str, error: &io::Error) -> Self {
        Self::missing(
            &format!("setting up the private network failed at {what}: {error}."),
            &format!("设置私有网络时在 {what} 处失败：{error}。"),
        )
    }

    /// The helper process could not be started or went away without a word.
    #[must_use]
    pub fn helper(error: &io::Error) -> Self {
        Self::missing(
            &format!("the helper process that holds the private network did not come up: {error}."),
            &format!("持有私有网络的辅助进程没有启动：{error}。"),
        )
    }

    /// The device of the host is off, and this process may not switch it on.
    #[must_use]
    pub fn device_down(name: &str, address: &str) -> Self {
        Self::missing(
            &format!(
                "the device {name} is down and has no address: run `sudo ip addr add {address} dev {name}; sudo ip link set {name} up`."
            ),
            &format!(
                "设备 {name} 未启用且没有地址：请执行 `sudo ip addr add {address} dev {name}; sudo ip link set {name} up`。"
            ),
        )
    }

    /// `exec` found no live session, or not the one that was named.
    #[must_use]
    pub fn no_session(name: Option<&str>) -> Self {
        match name {
            Some(name) => {
                let shown = harmless(name);
                Self::usage(
                    format!(
                        "no live session named \"{shown}\" is running: start it with `sockscope live`, or leave out --session."
                    ),
                    format!("没有名为“{shown}”的实时会话：请先运行 `sockscope live`，或去掉 --session。"),
                )
            }
            None => Self::usage(
                "no live session is running: start one in another terminal with `sockscope live`.".to_owned(),
                "没有正在运行的实时会话：请在另一个终端运行 `sockscope live`。".to_owned(),
            ),
        }
    }

    /// `exec` found several live sessions and was not told which.
    #[must_use]
    pub fn several_sessions(names: &[String]) -> Self {
        let list = names.join(", ");
        Self::usage(
            format!("several live sessions are running ({list}): choose one with --session NAME."),
            format!("有多个实时会话正在运行（{list}）：请用 --session NAME 选择一个。"),
        )
    }

    /// The namespace of a session could not be joined.
    #[must_use]
    pub fn joining(name: &str, error: &io::Error) -> Self {
        Self::missing(
            &format!(
                "the private network of session \"{name}\" could not be joined ({error}): it belongs to another user or is just ending."
            ),
            &format!("无法进入会话“{name}”的私有网络（{error}）：它属于另一个用户，或正在结束。"),
        )
    }

    /// The power of the superuser could not be given up.
    #[must_use]
    pub fn privilege(error: &io::Error) -> Self {
        Self::missing(
            &format!(
                "the device is open, but the privileges that opened it could not be given up ({error}): prepare the device for an ordinary user with `sudo ip tuntap add dev NAME mode tap user $USER` and start without sudo."
            ),
            &format!(
                "设备已打开，但无法放弃打开它所用的特权（{error}）：请用 `sudo ip tuntap add dev NAME mode tap user $USER` 为普通用户准备设备，然后不用 sudo 启动。"
            ),
        )
    }

    /// The command given after `--` could not be run.
    #[must_use]
    pub fn command(command: &str, error: &io::Error) -> Self {
        let shown = harmless(command);
        Self::usage(
            format!("the command \"{shown}\" could not be run: {error}."),
            format!("命令“{shown}”无法运行：{error}。"),
        )
    }

    /// The directory in which sessions register could not be used.
    #[must_use]
    pub fn register(place: &str, error: &io::Error) -> Self {
        Self::missing(
            &format!("the session could not be registered under {place}: {error}; remove or correct that directory."),
            &format!("无法在 {place} 下登记会话：{error}；请删除或修正该目录。"),
        )
    }
}

/// Whether Ubuntu's restriction of unprivileged user namespaces is on.
fn restricted_by_apparmor() -> bool {
    std::fs::read_to_string("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        .is_ok_and(|value| value.trim() == "1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::EXIT_USAGE;

    #[test]
    fn every_cause_of_a_missing_device_has_its_own_sentence() {
        let mut seen = std::collections::BTreeSet::new();
        for code in [libc::ENOENT, libc::EACCES, libc::ENODEV, libc::EPERM, libc::EBUSY, libc::EIO] {
            let refusal = Refusal::tun(&io::Error::from_raw_os_error(code));
            assert_eq!(refusal.exit_code, EXIT_PRIVILEGE);
            assert!(refusal.words.en.contains("sockscope lab"), "{}", refusal.words.en);
            assert!(!refusal.words.en.contains('\n'));
            assert_ne!(refusal.words.en, refusal.words.zh);
            assert!(seen.insert(refusal.words.en), "two causes share a sentence: {code}");
        }
    }

    #[test]
    fn a_hostile_name_cannot_drive_the_terminal() {
        let refusal = Refusal::device_name("tap\u{1b}[2J\0", NameError::Character);
        assert!(!refusal.words.en.contains('\u{1b}'));
        assert!(refusal.words.en.contains("\\u{1b}"));
        assert_eq!(refusal.exit_code, EXIT_USAGE);
    }
}
