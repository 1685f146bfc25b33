/* Vectors as XTOS has them: room on the stack, three registers kept, and off to what the ROM's table says. */
	.section .vectors, "ax"
	.global vectors
vectors:
	.org 0x30
kernelVector:
	j userVector
	.org 0x50
userVector:
	addmi a1, a1, -0x100
	s32i a2, a1, 20
	s32i a3, a1, 24
	j dispatch
	.org 0x70
doubleVector:
	ill
	.align 4
table:
	.word 0x3fffc000
dispatch:
	l32r a3, table
	rsr.exccause a2
	addx4 a3, a2, a3
	l32i a3, a3, 0
	s32i a4, a1, 28
	jx a3

	.text
	.align 4
vectorsAddress:
	.word vectors
programAddress:
	.word program
	.global start
	.type start, @function
start:
	l32r a2, vectorsAddress
	wsr.vecbase a2
	rsync
	l32r a0, programAddress
	callx0 a0
1:	j 1b
