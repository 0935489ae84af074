// Passwords that are tried first, in the languages of our customers: from everyday knowledge, kept short on purpose.
// Only entries of eight characters or more, and stems that people put digits behind.

const words = `
password passw0rd password1 password12 password123 password1234 passwords mypassword thepassword changeme
changeit letmein letmein1 letmeinnow welcome welcome1 welcome123 iloveyou iloveyou1 iloveyou2 iloveu iloveyouu
sunshine princess princess1 football baseball basketball superman batman spiderman ironman dragon master monkey
shadow michael jennifer jordan23 charlie freedom whatever trustno1 computer internet samsung apple google facebook
instagram whatsapp tiktok youtube twitter microsoft windows android administrator admin administrador rootroot
toortoor useruser testtest test1234 testing123 testing guest guest123 default secret secret123 topsecret
qwerty qwertyui qwertyuiop qwerty123 qwerty12345 qwerty1234 qwertz qwertzui azerty azertyui asdfghjk asdfghjkl
asdfasdf asdf1234 zxcvbnm zxcvbnm1 zxcvbnm123 zaq12wsx 1qaz2wsx 1qazxsw2 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4
q1w2e3r4t5 qazwsxedc qazwsx123 qweasdzxc qwe123qwe qweqweqwe 123qweasd 123qwe123 abc12345 abcd1234 abcdefgh
abcdefghi a1b2c3d4 aa123456 aa12345678 a1234567 a12345678 a123456789 12345678 123456789 1234567890 0123456789
012345678 9876543210 987654321 87654321 11111111 00000000 88888888 66666666 12341234 11223344 1122334455 12121212
123123123 123321123 147258369 159753159 741852963 789456123 963852741 14725836 31415926 20202020 19191919 10203040
1234abcd 1234qwer qwer1234 asdfqwer zxcvasdf 5201314 52013145 woaini1314 woaini520 woaini woaiwojia woaiwoziji
5201314520 1314520 7758521 7758258 aini1314 zhangwei wangwei wangfang lina123 mima1234 mimamima nihao123 nihaoma
beijing shanghai guangzhou shenzhen zhongguo woshishui haoyunlai gongxifacai facaifacai yiersansi
bismillah bismillah1 alhamdulillah alhamdulilah allahuakbar allahswt subhanallah insyaallah assalamualaikum
indonesia indonesia1 jakarta bandung surabaya semarang yogyakarta makassar medan bali denpasar garuda garuda45
merdeka merdeka45 pancasila nusantara majapahit sriwijaya sayang sayangku sayangkamu sayang123 cintaku cinta
cintakamu akucintakamu akusayangkamu akucinta kangen rahasia rahasia123 katasandi katasandi1 sandi123 katakunci
passwordku bunda ayahbunda mamapapa papamama ibuayah keluarga bahagia selamanya terserah lupalupa gaktau
persija persib persebaya arema liverpool manchester chelsea arsenal barcelona realmadrid juventus
doraemon naruto pikachu pokemon minecraft mobilelegends freefire dangdut kucing anjing kelinci
singapore malaysia tokyo sakura nippon dompet dompetku tuntas tuntas123 tuntaswallet wallet ewallet uangku
mywallet money1234 bankbank nasigoreng rendang sambal bakso ayamgoreng kopisusu starwars starwars1 pokemon1
hellokitty helloworld hello1234 hellohello lovelove loveyou lovers lovely forever foreverlove blessed
jesuschrist jesus123 godisgood godisgreat christian mohammed muhammad mustafa ahmad123 abdullah fatimah
michelle jessica ashley amanda nicole daniel andrew joshua matthew anthony william thomas robert jonathan
victoria elizabeth samantha stephanie patricia veronica alexander alexandra christopher nicholas benjamin
chocolate butterfly strawberry pineapple watermelon banana orange purple flower rainbow diamond silver
mustang corvette mercedes ferrari porsche yamaha honda suzuki toyota harley
blink182 metallica slipknot nirvana eminem beyonce blackpink bangtan exo12345 bts12345
soccer hockey tennis golfer cowboys yankees eagles lakers steelers packers dolphins
ninja killer hunter ranger warrior soldier maverick phoenix thunder lightning mercury gandalf
pass1234 pass12345 pass123456 passpass p@ssw0rd p@ssword p@ssw0rd1 pa$$word pa$$w0rd admin123 admin1234 root1234
login123 loginlogin access14 access123 server123 database mysqlroot oracle123 temp1234 temporary
summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2025 spring2026 autumn2025 autumn2026
january1 februari november desember december agustus september1 monday123 sunday123
qwerty@123 admin@123 welcome@123 india@123 pass@123 abcd@1234 indonesia@1
`

/** Lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(words.trim().split(/\s+/))
