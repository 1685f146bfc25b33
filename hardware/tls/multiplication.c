/*
 * Multiplication of points on an elliptic curve, a few bits at a time. The SDK's C does the arithmetic; what it takes for all
 * the bits at once, as it would do it, is longer than the chip may be without a turn of its event loop.
 */
#include "xsAll.h"
#include "xsBigIntEx.h"
#include "mc.xs.h"

/* The SDK's xsBigIntEx.c. */
extern void fxBigInt_ec_double(txMachine* the, txECPoint* r, txECPoint* a, txECParam* ec);
extern void fxBigInt_ec_add(txMachine* the, txECPoint* r, txECPoint* a, txECPoint* b, txECParam* ec);
extern txU4 mont_init(txBigInt* m);
extern txBigInt* mont_in(txMachine* the, txBigInt* r, txBigInt* a, txBigInt* m);
extern txBigInt* mont_out(txMachine* the, txBigInt* r, txBigInt* a, txBigInt* m, txU4 u);
extern void fxBigInt_setBigInt(txSlot* slot, txBigInt* a);
extern const txBigInt gxBigIntOne;

/* An object's property, a BigInt; it stays on the stack as long as the function runs, and is found there by the collector. */
static txBigInt* property(txMachine* the, txSlot* object, txID id)
{
	mxPushSlot(object);
	mxGetID(id);
	return fxToBigInt(the, the->stack, 1);
}

static void getPoint(txMachine* the, txECPoint* point, txSlot* object, txECParam* ec)
{
	point->x = mont_in(the, NULL, property(the, object, xsID_x), ec->m);
	point->y = mont_in(the, NULL, property(the, object, xsID_y), ec->m);
	point->z = mont_in(the, NULL, property(the, object, xsID_z), ec->m);
}

static void setProperty(txMachine* the, txSlot* object, txID id, txBigInt* value, txECParam* ec)
{
	mont_out(the, value, value, ec->m, ec->u);
	mxPushUndefined();
	fxBigInt_setBigInt(the->stack, value);
	mxPushSlot(object);
	mxSetID(id);
	mxPop();
}

/*
 * (curve, sum, p, q, both, k, l, from, to): doubles `sum`, and adds `p` where the bit of `k` is 1, `q` where that of `l` is,
 * `both` where both are; for the bits from - 1 down to `to`. Points have x, y, z: Jacobian coordinates in `sum`, and z of 1 or,
 * at infinity, 0 in the others.
 */
void xs_tls_multiply(txMachine* the)
{
	txECParam ec;
	txECPoint sum, points[3], *added[4];
	txBigInt *k, *l;
	int i, from = fxToInteger(the, mxArgv(7)), to = fxToInteger(the, mxArgv(8));

	ec.m = property(the, mxArgv(0), xsID_m);
	ec.u = mont_init(ec.m);
	ec.a = mont_in(the, NULL, property(the, mxArgv(0), xsID_a), ec.m);
	ec.one = mont_in(the, NULL, (txBigInt*)&gxBigIntOne, ec.m);
	getPoint(the, &sum, mxArgv(1), &ec);
	for (i = 0; i < 3; i++) {
		getPoint(the, &points[i], mxArgv(2 + i), &ec);
		added[1 + i] = &points[i];
	}
	k = fxToBigInt(the, mxArgv(5), 1);
	l = fxToBigInt(the, mxArgv(6), 1);
	for (i = from; --i >= to;) {
		int which = (i < fxBigInt_bitsize(k) && fxBigInt_isset(k, i) ? 1 : 0)
			| (i < fxBigInt_bitsize(l) && fxBigInt_isset(l, i) ? 2 : 0);

		fxBigInt_ec_double(the, &sum, &sum, &ec);
		if (which)
			fxBigInt_ec_add(the, &sum, &sum, added[which], &ec);
	}
	setProperty(the, mxArgv(1), xsID_x, sum.x, &ec);
	setProperty(the, mxArgv(1), xsID_y, sum.y, &ec);
	setProperty(the, mxArgv(1), xsID_z, sum.z, &ec);
}
