//! Every kernel function of the program, by the room it stands in.
//!
//! A run only meets the functions that it calls; whoever checks or lists what there is (captions in two languages, names
//! in a lesson, completions) goes through this table. `stack/tests/functions.rs` compares it with the attributes in the
//! sources.

use crate::kernel::probe::KFn;

macro_rules! functions {
    ($($room:tt [$($name:ident)*])*) => {
        /// Citations of all kernel functions, in the order of the rooms and of the functions in them.
        pub static FUNCTIONS: &[&KFn] = &[$($(citation!($room $name),)*)*];
    };
}
macro_rules! citation {
    (($($room:ident)::+) $name:ident) => { &crate::$($room)::+::$name::KFN };
}

functions! {
    (drivers::eth0) [ethif_probe ei_open set_multicast_list ei_start_xmit ei_receive]
    (drivers::loopback) [loopback_init loopback_open loopback_xmit]
    (fs::exit) [sys_exit do_exit]
    (fs::fcntl) [dupfd sys_dup sys_dup2 sys_fcntl]
    (fs::fork) [sys_fork do_fork copy_files]
    (fs::ioctl) [sys_ioctl]
    (fs::open) [sys_close close_fp]
    (fs::read_write) [sys_read sys_write]
    (fs::select) [sys_select do_select check]
    (fs::sys) [sys_setuid]
    (init::main) [start_kernel sched_init net_dev_init]
    (kernel::entry) [system_call ret_from_sys_call do_signal]
    (kernel::file_table) [get_empty_filp]
    (kernel::inode) [get_empty_inode iput]
    (kernel::irq) [do_timer]
    (kernel::kmalloc) [kmalloc kfree_s]
    (kernel::sched) [schedule interruptible_sleep_on wake_up_interruptible]
    (kernel::softirq) [mark_bh end_bh_atomic do_bottom_half]
    (kernel::timer) [add_timer del_timer init_timer timer_bh]
    (kernel::traps) [trap_init init_irq request_irq]
    (net::inet::af_inet) [inet_proto_init inet_create inet_dup inet_release inet_getname destroy_sock]
    (net::inet::af_inet_bind) [inet_autobind inet_bind inet_listen]
    (net::inet::af_inet_calls) [
        inet_error inet_recvfrom inet_recv inet_read inet_send inet_write inet_sendto inet_shutdown inet_select
        inet_socketpair inet_fcntl inet_setsockopt inet_getsockopt inet_ioctl
    ]
    (net::inet::af_inet_connect) [inet_connect inet_accept]
    (net::inet::arp) [
        arp_init arp_check_expire arp_release_entry arp_device_event arp_send arp_expire_request arp_send_q arp_destroy
        arp_lookup arp_rcv arp_find
    ]
    (net::inet::arp_ioctl) [arp_req_set arp_req_get arp_ioctl]
    (net::inet::datagram) [skb_recv_datagram skb_free_datagram skb_copy_datagram datagram_select]
    (net::inet::dev) [
        dev_add_pack dev_remove_pack dev_open dev_close register_netdevice_notifier notifier_call_chain dev_queue_xmit
        netif_rx dev_rint dev_transmit dev_tint net_bh dev_init
    ]
    (net::inet::dev_ioctl) [dev_ioctl dev_ifconf dev_ifsioc]
    (net::inet::dev_mcast) [dev_mc_upload dev_mc_discard dev_mc_add dev_mc_delete]
    (net::inet::eth) [eth_header eth_rebuild_header eth_type_trans]
    (net::inet::icmp) [icmp_send]
    (net::inet::icmp_input) [icmp_rcv icmp_unreach icmp_redirect icmp_echo icmp_timestamp icmp_address icmp_info]
    (net::inet::igmp) [
        igmp_rcv igmp_heard_query igmp_heard_report igmp_start_timer igmp_stop_timer igmp_timer_expire igmp_send_report
        igmp_init_timer ip_mc_filter_add ip_mc_filter_del igmp_group_added igmp_group_dropped ip_mc_inc_group
        ip_mc_dec_group ip_mc_allhost ip_mc_join_group ip_mc_leave_group ip_mc_drop_socket
    ]
    (net::inet::ip) [ip_send_check ip_route_check ip_init ip_rt_event ip_setsockopt ip_getsockopt]
    (net::inet::ip_forward) [ip_forward]
    (net::inet::ip_frag) [ip_find ip_create ip_free ip_frag_create ip_done ip_glue ip_expire ip_defrag ip_fragment]
    (net::inet::ip_fw) [ip_fw_chk ip_acct_cnt]
    (net::inet::ip_fw_ctl) [
        check_ipfw_struct add_to_chain del_from_chain free_fw_chain zero_fw_chain ip_fw_ctl ip_acct_ctl
    ]
    (net::inet::ip_input) [ip_rcv]
    (net::inet::ip_options) [do_options]
    (net::inet::ip_output) [ip_send ip_build_header ip_queue_xmit ip_loopback]
    (net::inet::packet) [packet_init packet_close packet_rcv packet_write packet_sendto packet_read packet_recvfrom]
    (net::inet::protocol) [inet_add_protocol]
    (net::inet::rarp) [rarp_init rarp_release_entry rarp_destroy rarp_rcv rarp_req_set rarp_req_get rarp_ioctl]
    (net::inet::raw) [raw_init raw_close raw_rcv raw_write raw_sendto raw_read raw_recvfrom]
    (net::inet::route) [ip_rt_route ip_rt_local ip_rt_add rt_del ip_rt_flush]
    (net::inet::route_ioctl) [ip_rt_ioctl rt_new rt_kill]
    (net::inet::skbuff) [
        alloc_skb kfree_skb kfree_skbmem skb_clone skb_queue_head skb_queue_tail skb_append skb_insert skb_unlink
        skb_dequeue skb_device_lock skb_device_unlock dev_kfree_skb
    ]
    (net::inet::sock) [
        sock_wmalloc sock_wfree sock_rfree release_sock sock_queue_rcv_skb sock_alloc_send_skb def_callback1
        def_callback2 def_callback3
    ]
    (net::inet::sock_array) [get_new_socknum put_sock remove_sock get_sock get_sock_raw get_sock_mcast]
    (net::inet::sock_options) [sock_setsockopt sock_getsockopt]
    (net::inet::tcp) [
        tcp_set_state tcp_close_state tcp_time_wait tcp_err tcp_readable tcp_listen_select tcp_select tcp_ioctl
        tcp_setsockopt tcp_getsockopt
    ]
    (net::inet::tcp_ack) [tcp_ack]
    (net::inet::tcp_connect) [tcp_connect tcp_send_fin tcp_shutdown tcp_close]
    (net::inet::tcp_data) [tcp_data tcp_fin tcp_check_urg tcp_urg]
    (net::inet::tcp_input) [tcp_rcv tcp_sequence tcp_std_reset tcp_options]
    (net::inet::tcp_listen) [tcp_conn_request tcp_find_established tcp_dequeue_established tcp_close_pending tcp_accept]
    (net::inet::tcp_output) [tcp_send_check tcp_send_skb tcp_send_ack tcp_build_header tcp_reset tcp_write_xmit]
    (net::inet::tcp_read) [tcp_read_urg tcp_read tcp_recvfrom cleanup_rbuf tcp_read_wakeup]
    (net::inet::tcp_timer) [
        reset_xmit_timer retransmit_timer tcp_retransmit tcp_retransmit_time tcp_do_retransmit tcp_write_timeout
        tcp_write_wakeup tcp_send_probe0
    ]
    (net::inet::tcp_write) [tcp_write tcp_sendto tcp_dequeue_partial tcp_send_partial tcp_enqueue_partial]
    (net::inet::timer) [delete_timer reset_timer net_timer]
    (net::inet::udp) [
        udp_send_check udp_err udp_connect udp_close udp_ioctl udp_write udp_sendto udp_send udp_read udp_recvfrom
        udp_rcv udp_deliver
    ]
    (net::socket) [
        sock_init proto_init sock_register sys_socketcall sock_alloc sock_release get_fd sockfd_lookup
        sock_wake_async sock_read sock_write sock_select sock_ioctl sock_close sock_fcntl sock_fasync
    ]
    (net::socket_calls) [
        move_addr_to_kernel move_addr_to_user sock_socket sock_socketpair sock_bind sock_listen sock_accept sock_connect sock_getsockname sock_getpeername
        sock_send sock_sendto sock_recv sock_recvfrom sock_setsockopt sock_getsockopt sock_shutdown
    ]
}

/// The citation of a kernel function by its name.
#[must_use]
pub fn named(name: &str) -> Option<&'static KFn> {
    FUNCTIONS.iter().find(|function| function.name == name).copied()
}
