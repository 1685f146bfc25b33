/* Where the emulated processor begins, what it does with an exception, and how it asks QEMU for something (a "simcall").
   QEMU starts at 0x50000000; exceptions come to offsets from 0x40000000. */
	.section .vectors,"ax"
	.org 0x10				/* debug */
	j fault
	.org 0x20				/* NMI */
	j fault
	.org 0x30				/* kernel */
	j fault
	.org 0x50				/* user */
	j fault
	.org 0x70				/* double */
	j fault
	.balign 4
stackTop:
	.word __fault_stack_top
handler:
	.word systemFault
fault:
	l32r a1, stackTop		/* the stack may be what is wrong: another one */
	rsr.exccause a2
	rsr.epc1 a3
	rsr.excvaddr a4
	l32r a0, handler
	jx a0

	.section .reset,"ax"
	.global _reset
_reset:
	j 1f
	.balign 4
entry:
	.word _start
1:	l32r a0, entry
	jx a0

	.section .text.start,"ax"
	.balign 4
stack:
	.word __stack_top
begin:
	.word systemBegin
	.global _start
	.type _start,@function
_start:
	l32r a1, stack
	movi a2, 0
	wsr.ps a2
	rsync
	l32r a0, begin
	jx a0

	/* int simcall(int number, int a, int b, int c) */
	.section .text.simcall,"ax"
	.global simcall
	.type simcall,@function
	.balign 4
simcall:
	simcall
	ret

	/* unsigned systemAlign(void): returns at the first instruction of a tick of the cycle counter, which counts one in 25
	   instructions. Two reads 24 instructions apart show the same tick only if the first was a tick's first instruction;
	   a round takes 28, so that within 25 rounds every beginning has been tried. */
	.section .text.systemAlign,"ax"
	.global systemAlign
	.type systemAlign,@function
	.balign 4
systemAlign:
	rsr.ccount a3			/* 1 */
	.rept 23
	nop.n
	.endr
	rsr.ccount a2			/* 25 */
	nop.n
	nop.n
	bne a2, a3, systemAlign	/* 28 */
	ret
