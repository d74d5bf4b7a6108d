// Written by tools/gen-errors.ts from spec/errors.json. Change that file and run `npm run errors`.

import type { ErrorCode } from "./codes.ts";

/** Languages that every text exists in. */
export type Language = "en" | "zh";

/** What went wrong and what to do, by code and language. */
export const errorTexts: Record<ErrorCode, Record<Language, readonly [text: string, action: string]>> = {
  DATAGRAM_NOT_JSON: {
    en: ["The message is not JSON or has no command number", "Send one JSON object with cmdType"],
    zh: ["报文不是 JSON，或缺少命令号", "请发送包含 cmdType 的 JSON 对象"],
  },
  COMMAND_UNKNOWN: {
    en: ["The command number is not known", "Use cmdType 0, 1 or 3"],
    zh: ["未知的命令号", "请使用 cmdType 0、1 或 3"],
  },
  FIELD_MISSING: {
    en: ["A required field is missing or is not a text", "Send ssid, password and token as texts"],
    zh: ["缺少必填字段，或字段不是文本", "请以文本发送 ssid、password 和 token"],
  },
  SSID_LENGTH: {
    en: [
      "The network name is empty or longer than 32 bytes",
      "Check the network name; 32 bytes are 32 Latin letters or 10 Chinese characters",
    ],
    zh: ["网络名称为空或超过 32 字节", "请检查网络名称；32 字节约为 32 个字母或 10 个汉字"],
  },
  PASSPHRASE_LENGTH: {
    en: [
      "The Wi-Fi passphrase must have 8 to 63 characters, or 64 hex digits, or none for an open network",
      "Type the passphrase again",
    ],
    zh: ["Wi-Fi 密码须为 8 至 63 个字符，或 64 位十六进制；开放网络留空", "请重新输入密码"],
  },
  LABEL_INVALID: {
    en: [
      "This is not a Wi-Fi code and not a device label, or it was made wrong",
      "Scan the code on the device, or type the network by hand",
    ],
    zh: ["这不是 Wi-Fi 二维码或设备标签，或其内容有误", "请扫描设备上的二维码，或手动输入网络"],
  },
  LABEL_TYPO: {
    en: [
      "The device label is incomplete or has a typing error",
      "Compare each character with the label, or scan its code",
    ],
    zh: ["设备标签不完整或有输入错误", "请逐字核对标签，或扫描标签上的二维码"],
  },
  TOKEN_LENGTH: {
    en: ["The bind token is empty or longer than 32 bytes", "Use the token as the cloud gave it"],
    zh: ["配网 token 为空或超过 32 字节", "请原样使用云端返回的 token"],
  },
  REGION_LENGTH: {
    en: ["The region is longer than 64 bytes", "Use the region name of the cloud, such as ap-guangzhou"],
    zh: ["区域名称超过 64 字节", "请使用云端的区域名称，例如 ap-guangzhou"],
  },
  DATAGRAM_TOO_LONG: {
    en: [
      "The message is longer than the peer can take",
      "Use a shorter network name or passphrase, or leave out optional fields",
    ],
    zh: ["报文超过对方可接收的长度", "请缩短网络名称或密码，或省略可选字段"],
  },
  REPLY_INVALID: {
    en: [
      "The device answered with something that cannot be understood",
      "Check that the phone is on the soft AP of the right device",
    ],
    zh: ["设备的应答无法识别", "请确认手机连接的是正确设备的热点"],
  },
  PROTOCOL_VERSION_UNKNOWN: {
    en: ["The device speaks a version of the protocol that is not known here", "Update the app"],
    zh: ["设备使用了未知的协议版本", "请升级应用"],
  },
  DEVICE_ERROR: {
    en: [
      "The device reported an error of its own",
      "Restart the device and try again; give its log to its maker",
    ],
    zh: ["设备报告了自身的错误", "请重启设备后重试，并将设备日志提供给厂商"],
  },
  WIFI_AUTH_FAILED: {
    en: ["The router refused the Wi-Fi passphrase", "Type the passphrase again; capital letters count"],
    zh: ["路由器拒绝了 Wi-Fi 密码", "请重新输入密码，注意大小写"],
  },
  WIFI_NOT_FOUND: {
    en: [
      "The device does not see this network",
      "Move the device closer; if the network is 5 GHz only, turn on 2.4 GHz",
    ],
    zh: ["设备找不到该网络", "请让设备靠近路由器；若仅有 5 GHz，请开启 2.4 GHz"],
  },
  WIFI_TOO_WEAK: {
    en: ["The network's signal is too weak at the device", "Move the device closer to the router"],
    zh: ["设备处的信号太弱", "请让设备靠近路由器"],
  },
  WIFI_REFUSED: {
    en: ["The router refused the device", "Check the router's list of allowed devices and how many it takes"],
    zh: ["路由器拒绝了设备接入", "请检查路由器的接入名单和终端数量限制"],
  },
  WIFI_NO_ADDRESS: {
    en: ["The router gave the device no address", "Restart the router; check that DHCP is on"],
    zh: ["路由器没有为设备分配地址", "请重启路由器，并确认已开启 DHCP"],
  },
  WIFI_JOIN_TIMEOUT: {
    en: ["Joining the network took too long", "Try again; move the device closer to the router"],
    zh: ["加入网络超时", "请重试，或让设备靠近路由器"],
  },
  WIFI_UNSUPPORTED_SECURITY: {
    en: ["The network's security cannot be used by this device", "Use a WPA2 or WPA3 personal network"],
    zh: ["设备不支持该网络的加密方式", "请使用 WPA2 或 WPA3 个人网络"],
  },
  WIFI_LOST: {
    en: ["The device lost the network", "Check the router's signal and power"],
    zh: ["设备与网络断开", "请检查路由器的信号和电源"],
  },
  SOFTAP_START_FAILED: {
    en: ["The device cannot open its soft AP", "Run softap doctor on the device"],
    zh: ["设备无法开启热点", "请在设备上运行 softap doctor"],
  },
  WIFI_BLOCKED: {
    en: ["The radio is switched off", "Run rfkill unblock wifi"],
    zh: ["无线电已被关闭", "请运行 rfkill unblock wifi"],
  },
  WIFI_INTERFACE_MISSING: {
    en: ["There is no such Wi-Fi interface", "List the interfaces with iw dev and choose one"],
    zh: ["没有该 Wi-Fi 接口", "请用 iw dev 查看并选择接口"],
  },
  WIFI_UNMANAGED: {
    en: [
      "The network manager does not manage this interface",
      "Let the network manager manage the interface",
    ],
    zh: ["网络管理器未管理该接口", "请让网络管理器接管该接口"],
  },
  WIFI_SUPPLICANT_GONE: {
    en: [
      "The Wi-Fi service of the system does not answer",
      "Check that wpa_supplicant or NetworkManager runs",
    ],
    zh: ["系统的 Wi-Fi 服务没有响应", "请检查 wpa_supplicant 或 NetworkManager 是否运行"],
  },
  WIFI_NOT_JOINED: {
    en: ["No network is joined that could be kept", "Join first"],
    zh: ["尚未加入可保存的网络", "请先加入网络"],
  },
  WIFI_NOTHING_KEPT: {
    en: ["No network is saved on the device", "Provision the device"],
    zh: ["设备没有保存的网络", "请为设备配网"],
  },
  WIFI_PROGRAM_MISSING: {
    en: ["A program that the radio needs is not installed", "Install the named program"],
    zh: ["缺少无线功能所需的程序", "请安装提示中的程序"],
  },
  WIFI_NO_SOFT_AP: {
    en: ["This radio cannot open a soft AP", "Use a radio whose driver offers the mode AP (iw phy)"],
    zh: ["该无线网卡不能开启热点", "请使用驱动支持 AP 模式的网卡（iw phy）"],
  },
  WIFI_COUNTRY_UNSET: {
    en: [
      "No country is set for the radio, so most channels are forbidden",
      "Set it: iw reg set <country>; on a Raspberry Pi with raspi-config",
    ],
    zh: ["未设置无线国家代码，多数信道被禁用", "请设置：iw reg set <国家代码>；树莓派用 raspi-config"],
  },
  ADDRESS_IN_USE: {
    en: ["The port is taken by another program", "Stop the other program or choose another port"],
    zh: ["端口已被其他程序占用", "请停止该程序或更换端口"],
  },
  ADDRESS_UNAVAILABLE: {
    en: ["The address does not belong to this machine", "Choose an address of this machine"],
    zh: ["该地址不属于本机", "请选择本机地址"],
  },
  PERMISSION_DENIED: {
    en: [
      "The system does not allow it",
      "Grant the permission, or run with the needed right; ports below 1024 need one",
    ],
    zh: ["系统不允许该操作", "请授予权限，或以所需权限运行；1024 以下的端口需要权限"],
  },
  UNREACHABLE: {
    en: ["The other side cannot be reached", "Check the network and the address"],
    zh: ["无法连接对方", "请检查网络和地址"],
  },
  CONNECTION_REFUSED: {
    en: ["Nobody listens at this address and port", "Check that the server runs and the port is right"],
    zh: ["该地址和端口没有服务", "请确认服务已启动且端口正确"],
  },
  HOST_NOT_FOUND: {
    en: ["The host name is not known", "Check the name and the DNS server"],
    zh: ["无法解析主机名", "请检查主机名和 DNS"],
  },
  TLS_FAILED: {
    en: ["The secure connection could not be made", "Check the device key, the certificate and the clock"],
    zh: ["安全连接建立失败", "请检查设备密钥、证书和时钟"],
  },
  SOCKET_CLOSED: { en: ["The connection was closed", "Try again"], zh: ["连接已关闭", "请重试"] },
  REPLY_TOO_LONG: {
    en: ["The reply is longer than allowed", "Check that the address is that of a softap cloud"],
    zh: ["应答超过允许的长度", "请确认地址是 softap 云端"],
  },
  DEVICE_SILENT: {
    en: [
      "The device does not answer",
      "Check that the phone is on the device's soft AP and the light blinks",
    ],
    zh: ["设备没有应答", "请确认手机已连接设备热点，且设备指示灯在闪烁"],
  },
  ADDRESS_RANGE_IN_USE: {
    en: [
      "The soft AP's addresses are in use on another interface",
      "Give that interface other addresses, or let it rest while the soft AP is up",
    ],
    zh: ["热点的地址段已被另一网卡使用", "请为该网卡更换地址段，或在热点开启时停用它"],
  },
  CLOCK_WRONG: {
    en: ["The clock is wrong", "Turn on time synchronization: timedatectl set-ntp true"],
    zh: ["系统时间不正确", "请开启时间同步：timedatectl set-ntp true"],
  },
  SYSTEM_PROGRAM_FAILED: {
    en: [
      "A program of the system failed",
      "Read what it said; journalctl -u softap-device tells more of the service",
    ],
    zh: ["系统程序执行失败", "请查看其输出；journalctl -u softap-device 可查看服务日志"],
  },
  MQTT_REFUSED: {
    en: ["The cloud refused the device's login", "Check the product, the device name and the key"],
    zh: ["云端拒绝了设备登录", "请检查产品、设备名称和密钥"],
  },
  MQTT_SUBSCRIBE_REFUSED: {
    en: ["The cloud refused the subscription", "Check the product's topic rights"],
    zh: ["云端拒绝了订阅", "请检查产品的 topic 权限"],
  },
  MQTT_LOST: {
    en: ["The connection to the cloud broke", "Wait; the device connects again by itself"],
    zh: ["与云端的连接中断", "请稍候，设备会自动重连"],
  },
  CLOUD_UNREACHABLE: {
    en: ["The device is on Wi-Fi but cannot reach the cloud", "Check that the router has internet"],
    zh: ["设备已连接 Wi-Fi，但无法访问云端", "请检查路由器能否上网"],
  },
  BIND_REPLY_TIMEOUT: {
    en: ["The cloud did not answer the bind request", "Try again"],
    zh: ["云端未应答绑定请求", "请重试"],
  },
  BIND_TOKEN_UNKNOWN: {
    en: ["The bind token is not known to the cloud", "Start again from the app"],
    zh: ["云端没有该配网 token", "请在应用中重新开始"],
  },
  BIND_TOKEN_EXPIRED: {
    en: ["The bind token has expired", "Start again from the app"],
    zh: ["配网 token 已过期", "请在应用中重新开始"],
  },
  BIND_TOKEN_USED: {
    en: ["The bind token was used for another device", "Start again from the app"],
    zh: ["配网 token 已被其他设备使用", "请在应用中重新开始"],
  },
  DEVICE_BOUND_ELSEWHERE: {
    en: ["The device belongs to another account", "Let its owner remove it first"],
    zh: ["设备已属于其他账号", "请先由原主人删除设备"],
  },
  BIND_REFUSED: {
    en: ["The cloud refused to bind the device", "Start again from the app"],
    zh: ["云端拒绝绑定设备", "请在应用中重新开始"],
  },
  RATE_LIMITED: {
    en: ["Too many tries in a short time", "Wait a minute and try again"],
    zh: ["短时间内尝试次数过多", "请稍等一分钟再试"],
  },
  CLOUD_INTERNAL: {
    en: ["The cloud failed inside", "Try again; the operator finds the cause in its log"],
    zh: ["云端内部错误", "请重试；运营者可在日志中查找原因"],
  },
  BIND_TOKEN_NOT_REPORTED: {
    en: ["The device has not reported this token yet", "Wait until the device is online"],
    zh: ["设备尚未上报该 token", "请等待设备上线"],
  },
  REGION_MISMATCH: {
    en: [
      "The token belongs to another region than the device's product",
      "Create the token in the region of the product",
    ],
    zh: ["配网 token 所属地域与设备产品地域不一致", "请在产品所在地域创建 token"],
  },
  REGISTRATION_PRODUCT_UNKNOWN: {
    en: ["The cloud does not know the product", "Check the product id"],
    zh: ["云端没有该产品", "请检查产品 ID"],
  },
  REGISTRATION_INVALID: {
    en: ["The registration request is not valid", "Check the device name"],
    zh: ["注册请求无效", "请检查设备名称"],
  },
  REGISTRATION_SIGNATURE: {
    en: ["The registration's signature is wrong", "Check the product secret"],
    zh: ["注册签名错误", "请检查产品密钥"],
  },
  REGISTRATION_DISABLED: {
    en: ["The product does not allow dynamic registration", "Turn dynamic registration on for the product"],
    zh: ["该产品未开启动态注册", "请为产品开启动态注册"],
  },
  REGISTRATION_TOO_MANY: {
    en: ["The device has registered too often", "Let the operator reset the device"],
    zh: ["设备注册次数过多", "请由运营者重置设备"],
  },
  REGISTRATION_NOT_CREATED: {
    en: ["The device was not created beforehand", "Create the device in the cloud first"],
    zh: ["设备未预先创建", "请先在云端创建设备"],
  },
  REGISTRATION_ACTIVATED: {
    en: ["The device is already registered and active", "Let the operator reset the device"],
    zh: ["设备已注册并激活", "请由运营者重置设备"],
  },
  REGISTRATION_LIMIT: {
    en: ["The product's limit of new devices is reached", "Let the operator raise the limit"],
    zh: ["该产品的自动创建数量已达上限", "请由运营者提高上限"],
  },
  REGISTRATION_REPLY_INVALID: {
    en: ["The registration's answer cannot be used", "Check the product secret and the cloud's address"],
    zh: ["注册应答无法使用", "请检查产品密钥和云端地址"],
  },
  APP_ACTION_UNKNOWN: {
    en: ["The cloud does not know this action", "Check the Action"],
    zh: ["云端没有该接口", "请检查 Action"],
  },
  APP_JSON_INVALID: {
    en: ["The request is not JSON", "Send a JSON object"],
    zh: ["请求不是 JSON", "请发送 JSON 对象"],
  },
  APP_PARAMETER_MISSING: {
    en: ["A required parameter is missing", "Add the parameter"],
    zh: ["缺少必填参数", "请补充参数"],
  },
  APP_PARAMETER_INVALID: {
    en: ["A parameter is not valid", "Correct the parameter"],
    zh: ["参数无效", "请更正参数"],
  },
  APP_ACCESS_TOKEN_INVALID: {
    en: ["The login is not valid any more", "Log in again"],
    zh: ["登录已失效", "请重新登录"],
  },
  APP_LOGIN_FAILED: {
    en: ["The account or the password is wrong", "Type them again"],
    zh: ["账号或密码错误", "请重新输入"],
  },
  APP_USER_UNKNOWN: { en: ["There is no such user", "Check the account"], zh: ["用户不存在", "请检查账号"] },
  APP_SIGNATURE_INVALID: {
    en: ["The request's signature is wrong", "Check AppKey and AppSecret"],
    zh: ["请求签名错误", "请检查 AppKey 和 AppSecret"],
  },
  APP_FAMILY_UNKNOWN: {
    en: ["There is no such family, or it is not yours", "Use a family of your own"],
    zh: ["家庭不存在或不属于您", "请使用自己的家庭"],
  },
  APP_ROOM_UNKNOWN: {
    en: ["There is no such room in the family", "Use a room of the family"],
    zh: ["该家庭没有此房间", "请使用该家庭的房间"],
  },
  APP_DEVICE_UNKNOWN: {
    en: ["There is no such device in the family", "Check the device"],
    zh: ["该家庭没有此设备", "请检查设备"],
  },
  ADMIN_TOKEN_INVALID: {
    en: ["The admin token is not valid", "Use the token that the cloud printed at its first start"],
    zh: ["管理令牌无效", "请使用云端首次启动时打印的令牌"],
  },
  ALREADY_EXISTS: { en: ["It exists already", "Choose another name"], zh: ["已存在", "请更换名称"] },
  NOT_FOUND: { en: ["There is no such thing", "Check the name"], zh: ["不存在", "请检查名称"] },
  STORE_READ_FAILED: {
    en: ["Saved state could not be read", "Check the disk and its permissions"],
    zh: ["无法读取已保存的状态", "请检查磁盘及权限"],
  },
  STORE_WRITE_FAILED: {
    en: ["State could not be saved", "Check the disk's free space and permissions"],
    zh: ["无法保存状态", "请检查磁盘空间及权限"],
  },
  STORE_CORRUPT: {
    en: ["Saved state is damaged", "Restore a backup, or remove the file to start anew"],
    zh: ["已保存的状态已损坏", "请恢复备份，或删除该文件重新开始"],
  },
  STORE_TOO_NEW: {
    en: ["The database was written by a newer version", "Update softap"],
    zh: ["数据库由更新的版本写入", "请升级 softap"],
  },
  STORE_LOCKED: {
    en: ["Another process uses the saved state", "Stop the other process, or choose another folder"],
    zh: ["另一个进程正在使用已保存的状态", "请停止该进程，或另选文件夹"],
  },
  TIMEOUT: { en: ["It took too long", "Try again"], zh: ["操作超时", "请重试"] },
  SESSION_EXPIRED: {
    en: ["The provisioning session ended without a result", "Start provisioning again"],
    zh: ["配网会话超时", "请重新开始配网"],
  },
  VERDICT_UNKNOWN: {
    en: ["It is not known yet whether the device was bound", "Look at the device list in a minute"],
    zh: ["尚不清楚设备是否绑定成功", "请稍后查看设备列表"],
  },
  CANCELED: { en: ["It was canceled", "Start again when you like"], zh: ["操作已取消", "可随时重新开始"] },
  USAGE: {
    en: ["The call or the command line is not right", "Read the message and correct it"],
    zh: ["调用或命令行有误", "请按提示更正"],
  },
  FILE_NOT_FOUND: { en: ["The file does not exist", "Check the path"], zh: ["文件不存在", "请检查路径"] },
  CONFIG_INVALID: { en: ["A setting is not valid", "Correct the setting"], zh: ["设置无效", "请更正设置"] },
  PROVISIONING_ACTIVE: {
    en: [
      "The device is being set up already, or has just been",
      "Wait a minute; to set it up anew, press its button",
    ],
    zh: ["设备正在配网，或刚刚配网成功", "请稍等一分钟；如需重新配网，请按设备按键"],
  },
  INTERNAL: {
    en: ["This is a defect in softap", "Report it with the log"],
    zh: ["这是 softap 的缺陷", "请附上日志报告"],
  },
};
